/** Where JPEG files tell how the camera was held. */
const HEADER_BYTES = 65_536;

const ORIENTATION = 0x0112;

/** 1 (upright) to 8, as Exif has it; 1 when the image does not say. */
export function exifOrientation(image: Buffer): number {
  const header = image.subarray(0, HEADER_BYTES);
  const start = header.indexOf('Exif\0\0', 0, 'latin1') + 6;
  if (start < 6 || start + 8 > header.length) return 1;
  const tiff = header.subarray(start);
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return 1;
  const count = view.getUint16(directory, isLittle);
  for (let index = 0; index < count; index++) {
    const entry = directory + 2 + index * 12;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue;
    const value = view.getUint16(entry + 8, isLittle);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
