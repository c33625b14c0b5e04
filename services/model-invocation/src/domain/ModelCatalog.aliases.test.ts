import { BuiltInModelProvider } from '../adapters/local/BuiltInModelProvider';
import { ModelCatalog } from './ModelCatalog';

const providers = [new BuiltInModelProvider()];
const allowed = ['local.extractive', 'local.embedding'];

describe('aliases of ModelCatalog', () => {
  it('leave out models that nobody serves, and are unserved without any', () => {
    const catalog = new ModelCatalog({
      ...{ allowed, providers },
      aliases: { some: ['gone', 'local.extractive'], none: ['gone'] },
    });
    expect(
      catalog.resolve('some', 'text').map(({ model }) => model.id),
    ).toEqual(['local.extractive']);
    expect(catalog.unserved).toEqual(['none']);
    expect(() => catalog.resolve('some', 'embedding')).toThrow(/kind text/);
    expect(() => catalog.resolve('none', 'text')).toThrow(/nothing serves it/);
  });

  it.each([
    ['is the id of a model', { 'local.extractive': ['local.extractive'] }],
    ['mixes kinds', { both: allowed }],
  ])('are refused at the start when one %s', (_what, aliases) => {
    expect(() => new ModelCatalog({ allowed, providers, aliases })).toThrow(
      /The alias/,
    );
  });
});
