/** More are not read. */
const MAX_PAGES = 3000;

const CLASSIC = 42;

/**
 * The pages of a TIFF, each as a file that begins with it: the header names the first page,
 * and each page the next one. They share their bytes: each is valid until the next.
 */
export function* tiffPages(file: Buffer): Generator<Uint8Array> {
  const isLittle = file.toString('latin1', 0, 2) === 'II';
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint16(2, isLittle) !== CLASSIC) {
    yield file;
    return;
  }
  const seen = new Set<number>();
  let offset = view.getUint32(4, isLittle);
  while (!seen.has(offset) && seen.size < MAX_PAGES) {
    seen.add(offset);
    view.setUint32(4, offset, isLittle);
    yield file;
    const next = nextPage(view, offset, isLittle);
    if (!next) return;
    offset = next;
  }
}

/** A directory is a number of entries of 12 bytes and the place of the next one. */
function nextPage(view: DataView, offset: number, isLittle: boolean): number {
  if (offset + 2 > view.byteLength) return 0;
  const end = offset + 2 + view.getUint16(offset, isLittle) * 12;
  return end + 4 > view.byteLength ? 0 : view.getUint32(end, isLittle);
}
