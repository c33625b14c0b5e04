import { BuiltInModelProvider } from '../adapters/local/BuiltInModelProvider';
import { ModelCatalog } from './ModelCatalog';

describe('ModelCatalog', () => {
  const catalog = new ModelCatalog({
    allowed: ['local.embedding', 'gone', 'local.extractive'],
    providers: [new BuiltInModelProvider()],
  });

  it('lists what is allowed and served, in the order of the configuration', () => {
    expect(catalog.list().map(({ id }) => id)).toEqual([
      'local.embedding',
      'local.extractive',
    ]);
    expect(catalog.list('text').map(({ id }) => id)).toEqual([
      'local.extractive',
    ]);
    expect(catalog.unserved).toEqual(['gone']);
  });

  it('tells a model that nobody serves from one that does not exist', () => {
    expect(() => catalog.resolve('gone', 'text')).toThrow(/nothing serves it/);
    expect(() => catalog.resolve('nope', 'text')).toThrow(
      /not available in this environment. Choose one of: local.extractive/,
    );
    expect(() => catalog.find('nope')).toThrow(/not available/);
  });

  it('does not offer a model that is served but not allowed', () => {
    const none = new ModelCatalog({
      allowed: [],
      providers: [new BuiltInModelProvider()],
    });
    expect(() => none.resolve('local.extractive', 'text')).toThrow(
      /has no text model/,
    );
    expect(none.providers()).toEqual([]);
  });

  it('names the kind that is needed', () => {
    expect(() => catalog.resolve('local.embedding', 'text')).toThrow(
      /kind embedding, this route needs one of kind text/,
    );
    expect(catalog.find('local.embedding').kind).toBe('embedding');
  });

  it('shortens what a caller made up', () => {
    expect(() => catalog.resolve('x'.repeat(150), 'text')).toThrow(/"x{100}…"/);
  });
});
