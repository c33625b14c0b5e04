import { toPortablePattern } from './portablePattern';

describe('toPortablePattern', () => {
  it.each([/^\P{Cc}+$/u, /^[^\p{Cc}]+$/u, /^[a-z]+$/u])(
    'says the same as %s without a property escape',
    original => {
      const source = toPortablePattern(original.source);
      expect(source).not.toMatch(/\\p/i);
      const portable = new RegExp(source, 'u');
      for (const text of ['name', 'ä 😀', 'a\n', '\u0085', '\u007f']) {
        expect([text, portable.test(text)]).toEqual([
          text,
          original.test(text),
        ]);
      }
    },
  );

  it('leaves what it does not know', () => {
    expect(toPortablePattern('^\\P{Lu}+$')).toBe('^\\P{Lu}+$');
  });
});
