import { compileClassic } from './classicTemplate';

const render = (template: string, variables = {}) =>
  compileClassic(template).render(variables);

describe('classic templates', () => {
  it.each([
    ['Hello {name}', { name: 'Ada' }, 'Hello Ada'],
    ['{a}{b}{a}', { a: 1, b: true }, '1true1'],
    ['{{"key": "{value}"}}', { value: 'x' }, '{"key": "x"}'],
    ['{{{name}}}', { name: 'x' }, '{x}'],
    ['no variables', {}, 'no variables'],
    ['{größe}', { größe: 'L' }, 'L'],
    [
      '{list} {object}',
      { list: [1, 2], object: { a: 'b' } },
      '[1,2] {"a":"b"}',
    ],
    ['[{gone}]', { gone: null }, '[]'],
  ])('renders %s', (template, variables, text) => {
    expect(render(template, variables)).toBe(text);
  });

  it('never reads a value as a template', () => {
    expect(render('{a} {b}', { a: '{b}', b: '{{$&' })).toBe('{b} {{$&');
  });

  it('names every missing variable, and inherited properties are none', () => {
    expect(() => render('{a} {constructor} {b}', { b: 1 })).toThrow(
      expect.objectContaining({
        code: 'prompt_variables_missing',
        issues: [
          { path: 'variables.a', message: 'is missing' },
          { path: 'variables.constructor', message: 'is missing' },
        ],
      }),
    );
  });

  it.each([
    ['a\n b { c', '"{" at line 2, column 4 stands alone'],
    ['} c', '"}" at line 1, column 1 stands alone'],
    ['{}', 'line 1, column 1 hold no variable name'],
    ['{a:>10}', 'hold no variable name'],
    ['{"a": 1}', 'hold no variable name'],
  ])('says where %j is wrong', (template, problem) => {
    expect(() => compileClassic(template)).toThrow(problem);
  });

  it('refuses to make a text too long', () => {
    const template = '{a}'.repeat(60_000);
    expect(() => render(template, { a: 'x'.repeat(1_000_000) })).toThrow(
      expect.objectContaining({ code: 'prompt_render_limit' }),
    );
  });

  it('describes its variables', () => {
    expect(compileClassic('{a} {{x}} {b} {a}').variables).toEqual({
      type: 'object',
      properties: { a: {}, b: {} },
      required: ['a', 'b'],
    });
  });
});
