import { decodeCursor, encodeCursor, oneMore, toPage } from './pages';

const ROWS = [{ no: 7 }, { no: 8 }, { no: 9 }];

function pageOf(limit: number | undefined) {
  return toPage(ROWS.slice(0, oneMore(limit)), {
    limit,
    placeOf: ({ no }) => no,
    toItem: ({ no }) => `row ${no}`,
  });
}

describe('pages', () => {
  it('name the last item where there is more', () => {
    expect(pageOf(2)).toEqual({
      items: ['row 7', 'row 8'],
      nextCursor: encodeCursor(8),
    });
  });

  it('say that they are the last, also when they are full', () => {
    const all = { items: ['row 7', 'row 8', 'row 9'] };
    expect(pageOf(3)).toEqual(all);
    expect(pageOf(4)).toEqual(all);
  });

  it('hold all where no limit is set', () => {
    expect(oneMore(undefined)).toBeUndefined();
    expect(pageOf(undefined).items).toHaveLength(3);
    expect(pageOf(undefined).nextCursor).toBeUndefined();
  });
});

describe('cursors', () => {
  // Callers may hold them for long: what was handed out before stays good.
  it.each([
    [42, 'NDI'],
    ['1700000000000.3', 'MTcwMDAwMDAwMDAwMC4z'],
    ['Grüße 世界', 'R3LDvMOfZSDkuJbnlYw'],
  ])('of %p stay as they are', (place, cursor) => {
    expect(encodeCursor(place)).toBe(cursor);
    expect(decodeCursor(cursor)).toBe(String(place));
  });

  it('that nobody was given decode to some text', () => {
    expect(decodeCursor('')).toBe('');
    expect(decodeCursor('!')).toBe('');
    expect(typeof decodeCursor('x'.repeat(2000))).toBe('string');
  });
});
