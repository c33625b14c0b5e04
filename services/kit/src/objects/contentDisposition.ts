/**
 * Header that makes a browser save what it gets under a name of people's own; names
 * outside of ASCII travel as RFC 6266 has it.
 */
export function contentDisposition(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const simple = `attachment; filename="${ascii}"`;
  if (ascii === fileName) return simple;
  // Half a surrogate pair cannot be encoded; the buffer makes it a question mark.
  const wellFormed = Buffer.from(fileName).toString();
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${simple}; filename*=UTF-8''${encoded}`;
}
