/** What files of well-known types begin with: bytes in hex, and what to call them. */
const SIGNATURES: Array<[string, string]> = [
  ['255044462d', 'a PDF document'],
  ['89504e470d0a1a0a', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['49492a00', 'a TIFF image'],
  ['4d4d002a', 'a TIFF image'],
  ['474946383', 'a GIF image'],
  ['504b0304', 'a zip archive or an Office document'],
  ['504b0506', 'an empty zip archive'],
  ['d0cf11e0a1b11ae1', 'an Office document of the old or encrypted kind'],
  ['1f8b', 'gzip data'],
  ['28b52ffd', 'Zstandard data'],
  ['377abcaf271c', 'a 7-Zip archive'],
  ['526172211a07', 'a RAR archive'],
  ['7f454c46', 'a program'],
  ['4f676753', 'Ogg media'],
  ['494433', 'MP3 audio'],
  ['53514c69746520666f726d6174', 'an SQLite database'],
];

/** Names the type of content by its first bytes; `undefined` when it is unknown. */
export function nameContent(header: Buffer): string | undefined {
  const hex = header.toString('hex', 0, 16);
  return SIGNATURES.find(([signature]) => hex.startsWith(signature))?.[1];
}
