import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Ends the names of files: what directories never end with, so `a` and `a/b` can both be. */
const FILE_MARK = '~';
const MAX_SEGMENT_LENGTH = 200;

/** Where the object of a key is, below `root`. */
export function objectPath(root: string, key: string): string {
  return join(root, ...key.split('/').map(encodeSegment)) + FILE_MARK;
}

/** Where the objects are whose keys begin with `prefix`, which ends with `/`. */
export function prefixPath(root: string, prefix: string): string {
  return join(root, ...prefix.slice(0, -1).split('/').map(encodeSegment));
}

/**
 * Different keys get different names also where the file system ignores case, the dot
 * at the end, or names longer than it can store.
 */
function encodeSegment(segment: string): string {
  const encoded = segment.replace(
    /[^a-z0-9_.-]|\.$/g,
    character => `%${character.charCodeAt(0).toString(16)}`,
  );
  if (encoded.length <= MAX_SEGMENT_LENGTH) return encoded;
  return `%h${createHash('sha256').update(segment).digest('hex')}`;
}
