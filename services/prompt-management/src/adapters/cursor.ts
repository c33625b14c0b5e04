/** Makes a cursor that callers cannot mistake for something to build themselves. */
export function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** A cursor that nobody was given decodes to some key: the list then starts there. */
export function decodeCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('utf8');
}
