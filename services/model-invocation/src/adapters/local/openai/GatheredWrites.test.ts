import { GatheredWrites } from './GatheredWrites';

const piece = (text: string) => Buffer.from(text);

describe('GatheredWrites', () => {
  it('writes as one what comes before anything else has its turn', async () => {
    const written: string[] = [];
    const writes = new GatheredWrites(bytes => {
      written.push(bytes.toString());
      return true;
    });
    writes.push(piece('a'));
    writes.push(piece('b'));
    expect(written).toEqual([]);
    await Promise.resolve();
    expect(written).toEqual(['ab']);
    writes.push(piece('c'));
    await Promise.resolve();
    expect(written).toEqual(['ab', 'c']);
  });

  it('writes at once when told to, and nothing twice', async () => {
    const written: string[] = [];
    const writes = new GatheredWrites(bytes => {
      written.push(bytes.toString());
      return true;
    });
    writes.push(piece('a'));
    writes.flush();
    writes.flush();
    expect(written).toEqual(['a']);
    await Promise.resolve();
    expect(written).toEqual(['a']);
  });

  it('does not let much wait', () => {
    const sizes: number[] = [];
    const writes = new GatheredWrites(bytes => {
      sizes.push(bytes.length);
      return true;
    });
    for (let count = 0; count < 5; count += 1)
      writes.push(Buffer.alloc(30_000));
    expect(sizes).toEqual([90_000]);
  });

  it('asks to wait from a full write until it has drained', async () => {
    const writes = new GatheredWrites(() => false);
    expect(writes.push(piece('a'))).toBe(true);
    await Promise.resolve();
    expect(writes.push(piece('b'))).toBe(false);
    writes.drained();
    expect(writes.push(piece('c'))).toBe(true);
  });
});
