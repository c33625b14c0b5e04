import { looksLikeLiquid } from './detectSyntax';

describe('looksLikeLiquid', () => {
  it.each([
    'Hello {{ name }}',
    'Hello {{name}}',
    'Hello {{- user.first_name | upcase -}}',
    '{{ list[0].name }}',
    '{% if a %}x{% endif %} {b}',
    '{%- for i in list -%}{{ i }}{%- endfor -%}',
  ])('takes %s for Liquid', template => {
    expect(looksLikeLiquid(template)).toBe(true);
  });

  it.each([
    'Hello {name}',
    'Answer as {{"answer": "{text}"}}',
    'Use {{name}} literally, and {value}',
    'Answer as {{"answer": 1}}',
    'no braces',
    '100 {% of it',
    '{{ a: b }}',
  ])('takes %s for classic', template => {
    expect(looksLikeLiquid(template)).toBe(false);
  });

  it('needs time in proportion to the length', () => {
    const startedAt = performance.now();
    for (const piece of ['{{a', '{{a|', '{{a.b', '{{ ', '{{a[', '{%-']) {
      looksLikeLiquid(piece.repeat(200_000 / piece.length));
      looksLikeLiquid(`{{${piece.slice(2).repeat(100_000)}`);
    }
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
