import { splitRecursively } from './recursive';

/** Most characters of a chunk of JSON. */
export const JSON_CHUNK_SIZE = 300;

/** A chunk with less than this is filled up before the next one begins. */
const MIN_CHUNK_SIZE = 100;

type Path = readonly string[];
type Tree = { [key: string]: unknown };

/** Fills one chunk after the other. */
class Packer {
  private readonly chunks: string[] = [];
  private current: Tree = emptyTree();
  private size = 2;

  /** Whether the value was taken: it fits into what is left of the chunk. */
  add(path: Path, value: unknown): boolean {
    const added = this.sizeOf(path, value);
    if (this.size + added > JSON_CHUNK_SIZE) return false;
    this.put(path, value, added);
    return true;
  }

  /** Begins the next chunk, unless this one holds too little. */
  turn(): void {
    if (this.size >= MIN_CHUNK_SIZE) this.flush();
  }

  /** Takes the value into a chunk of its own when it has to. */
  force(path: Path, value: unknown): void {
    if (this.add(path, value)) return;
    this.flush();
    this.put(path, value, this.sizeOf(path, value));
  }

  finish(): string[] {
    this.flush();
    return this.chunks;
  }

  private flush(): void {
    if (this.size > 2) this.chunks.push(JSON.stringify(this.current));
    this.current = emptyTree();
    this.size = 2;
  }

  private put(path: Path, value: unknown, added: number): void {
    let node = this.current;
    for (const key of path.slice(0, -1)) {
      node = (node[key] ??= emptyTree()) as Tree;
    }
    node[path[path.length - 1]] = value;
    this.size += added;
  }

  /** What the chunk grows by: parents that are there already cost nothing. */
  private sizeOf(path: Path, value: unknown): number {
    let node: Tree | undefined = this.current;
    let size = JSON.stringify(value).length;
    path.forEach((key, index) => {
      const isLast = index === path.length - 1;
      const isThere = node !== undefined && key in node;
      if (node && !isThere && Object.keys(node).length > 0) size += 1;
      if (!isThere || isLast) size += JSON.stringify(key).length + 1;
      if (!isThere && !isLast) size += 2;
      node = isThere ? (node![key] as Tree) : undefined;
    });
    return size;
  }
}

/**
 * Cuts a JSON value into JSON objects of at most {@link JSON_CHUNK_SIZE} characters that
 * keep the path to what they hold, so that each can be read alone. Items of arrays get
 * their index as key. A text that is too long for one chunk is spread over several; only
 * a path that is itself longer than a chunk makes one that is too large.
 */
export function splitJson(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [JSON.stringify(value)];
  }
  const packer = new Packer();
  addTree(packer, [], value);
  return packer.finish();
}

/** One chunk per line; empty lines are none. */
export function splitJsonLines(text: string): string[] {
  return text.split('\n').flatMap(line => line.trim() || []);
}

function addTree(packer: Packer, path: Path, tree: object): void {
  for (const [key, value] of Object.entries(tree)) {
    const below = [...path, key];
    if (isSmall(value) && packer.add(below, value)) continue;
    packer.turn();
    if (isSmall(value) && packer.add(below, value)) continue;
    if (isTree(value)) addTree(packer, below, value);
    else addScalar(packer, below, value);
  }
}

function addScalar(packer: Packer, path: Path, value: unknown): void {
  const room = JSON_CHUNK_SIZE - pathSize(path);
  const escaped = JSON.stringify(value).length;
  if (typeof value !== 'string' || escaped <= room || room < MIN_CHUNK_SIZE) {
    packer.force(path, value);
    return;
  }
  // Escapes make a text longer than it is; the worst is six characters for one.
  const chunkSize = Math.max(
    20,
    Math.floor((room - 2) * (value.length / escaped)) - 1,
  );
  for (const part of splitToFit(value, chunkSize, room)) {
    packer.force(path, part);
  }
}

function splitToFit(text: string, chunkSize: number, room: number): string[] {
  return splitRecursively(text, { chunkSize, chunkOverlap: 0 }).flatMap(
    ({ start, end }) => {
      const part = text.slice(start, end);
      return JSON.stringify(part).length <= room || chunkSize <= 20
        ? [part]
        : splitToFit(part, Math.ceil(chunkSize / 2), room);
    },
  );
}

function pathSize(path: Path): number {
  return path.reduce((sum, key) => sum + JSON.stringify(key).length + 3, 0);
}

function isTree(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.keys(value).length > 0
  );
}

/** Looks at no more than a chunk's worth, so that no level is written out in vain. */
function isSmall(value: unknown): boolean {
  let budget = JSON_CHUNK_SIZE;
  const visit = (part: unknown): boolean => {
    if (typeof part === 'string') budget -= part.length + 2;
    else if (typeof part !== 'object' || part === null) budget -= 1;
    else {
      budget -= 2;
      const isArray = Array.isArray(part);
      for (const [key, below] of Object.entries(part)) {
        if (!isArray) budget -= key.length + 3;
        if (budget < 0 || !visit(below)) return false;
      }
    }
    return budget >= 0;
  };
  return visit(value);
}

/** Keys come from people: `__proto__` is one like any other. */
function emptyTree(): Tree {
  return Object.create(null);
}
