import { embedText } from './embedText';

const similarity = (a: string, b: string) => {
  const [left, right] = [embedText(a), embedText(b)];
  return left.reduce((sum, value, index) => sum + value * right[index], 0);
};

describe('embedText', () => {
  it('answers vectors of length one', () => {
    const vector = embedText('The quick brown fox');
    expect(vector).toHaveLength(384);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
  });

  it('is the same everywhere and every time', () => {
    expect(embedText('bridge')).toEqual(embedText('bridge'));
    // Stored vectors must stay comparable: a change here needs a new model id.
    const vector = embedText('bridge');
    const strongest = vector.indexOf(
      vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)),
    );
    expect([strongest, Number(vector[strongest].toFixed(6))])
      .toMatchInlineSnapshot(`
      [
        277,
        0.65156,
      ]
    `);
  });

  it('puts related texts nearer than unrelated ones', () => {
    const question = 'How do I reset my password?';
    expect(
      similarity(question, 'Resetting passwords: open the account page'),
    ).toBeGreaterThan(
      similarity(question, 'The invoice is due at the end of the month') + 0.1,
    );
  });

  it('forgives spelling and inflection', () => {
    expect(similarity('vectorisation', 'vectorization')).toBeGreaterThan(0.4);
    expect(similarity('invoice', 'invoices')).toBeGreaterThan(0.4);
  });

  it('ignores case and common words mostly', () => {
    expect(similarity('Bridge', 'the bridge')).toBeGreaterThan(0.8);
    expect(similarity('of the and', 'to be a bridge')).toBeLessThan(0.4);
  });

  it('embeds texts of signs, and refuses blank ones', () => {
    expect(Math.hypot(...embedText('🙂🙂'))).toBeCloseTo(1, 10);
    expect(() => embedText(' \n ')).toThrow(/blank/);
  });
});
