import { compileLiquid } from './liquidTemplate';

const render = async (template: string, variables = {}) =>
  compileLiquid(template).render(variables);

describe('Liquid templates', () => {
  it.each([
    ['Hello {{ name | upcase }}', { name: 'Ada' }, 'Hello ADA'],
    ['{% for i in list %}{{ i.a }};{% endfor %}', { list: [{ a: 1 }] }, '1;'],
    ['{% if formal %}Dear{% else %}Hi{% endif %}', {}, 'Hi'],
    ['{{ name | default: "you" }}', {}, 'you'],
    [
      '{{ object }} {{ list }}',
      { object: { a: 1 }, list: [1, 2] },
      '{"a":1} 12',
    ],
    ['{% capture x %}{{ a }}{% endcapture %}[{{ x }}]', { a: 'b' }, '[b]'],
    [
      '{{ at | date: "%Y-%m-%d %H:%M" }}',
      { at: '2026-01-02T03:04:05Z' },
      '2026-01-02 03:04',
    ],
  ])('renders %s', async (template, variables, text) => {
    expect(await render(template, variables)).toBe(text);
  });

  it('never reads a value as a template', async () => {
    expect(await render('{{ a }}', { a: '{{ b }}{% if %}' })).toBe(
      '{{ b }}{% if %}',
    );
  });

  it('names every missing variable', async () => {
    await expect(
      render('{{ a }} {% if b %}{{ c }}{% endif %} {{ d.e }} {{ f.g }}', {
        f: {},
      }),
    ).rejects.toMatchObject({
      code: 'prompt_variables_missing',
      issues: [
        { path: 'variables.a' },
        { path: 'variables.d' },
        { path: 'variables.f.g' },
      ],
    });
  });

  it.each([
    '{% include "/etc/passwd" %}',
    '{% render "/etc/passwd" %}',
    '{% layout "/etc/passwd" %}',
  ])('knows no files: %s', template => {
    expect(() => compileLiquid(template)).toThrow(
      expect.objectContaining({ code: 'prompt_template_invalid' }),
    );
  });

  it('shows nothing that JavaScript objects inherit', async () => {
    await expect(
      render('{{ a.constructor.name }}', { a: {} }),
    ).rejects.toMatchObject({ code: 'prompt_variables_missing' });
  });

  it.each([
    ['{{ a', 'not closed'],
    ['{% nope %}', 'tag "nope" not found'],
    ['{{ a | nope }}', 'undefined filter: nope'],
    ['{{ a }}'.repeat(1001), 'may have 1000'],
    ['{% if a %}', 'not closed'],
  ])('says what is wrong with %.30s', (template, problem) => {
    expect(() => compileLiquid(template)).toThrow(problem);
  });

  it.each([
    ['long loops', '{% for i in (1..900000) %}{{ i }}{% endfor %}'],
    [
      'nested loops',
      '{% for i in (1..9000) %}{% for j in (1..9000) %}{% endfor %}{% endfor %}',
    ],
    [
      'captures that double',
      `{% capture a %}x{% endcapture %}${'{% capture a %}{{a}}{{a}}{% endcapture %}'.repeat(
        60,
      )}{{ a | size }}`,
    ],
    [
      'appends that double',
      `{% assign a = "x" %}${'{% assign a = a | append: a %}'.repeat(60)}`,
    ],
    ['ranges', '{% for i in (1..100000000) %}x{% endfor %}'],
  ])('stops %s', async (_name, template) => {
    await expect(render(template)).rejects.toMatchObject({
      code: 'prompt_render_limit',
    });
  });

  it('stops values that are repeated too often', async () => {
    await expect(
      render('{{ a }}'.repeat(900), { a: 'x'.repeat(1_000_000) }),
    ).rejects.toMatchObject({ code: 'prompt_render_limit' });
  });

  it('describes its variables: paths, and which a render cannot do without', () => {
    const { variables } = compileLiquid(
      '{{ user.name.first }} {% if formal %}x{% endif %}{% for i in items %}{{ i.text }}{% endfor %} {% assign own = 1 %}{{ own }}',
    );
    expect(variables).toEqual({
      type: 'object',
      properties: {
        user: {
          type: 'object',
          properties: { name: { type: 'object', properties: { first: {} } } },
        },
        formal: {},
        items: {},
      },
      required: ['user', 'items'],
    });
  });
});
