import { createHash } from 'node:crypto';
import { FileHandle, open } from 'node:fs/promises';
import { hasCode } from '../files/atomicFile';

const BLOCK_BYTES = 64 * 1024;
const FINGERPRINT_BYTES = 256;
const NEWLINE = 0x0a;
/** Who wrote the beginning of a line and nothing for so long, writes its end no more. */
const TORN_FOR_MS = 5000;

/** A line without its end, and where it is: from `offset` to before `end`, in bytes. */
export type RawLine = { offset: number; end: number; text: string };

/**
 * A file that only grows, as far as it had grown when it was opened. Reads in blocks and
 * never as a whole.
 */
export class LogFile {
  private constructor(
    private readonly handle: FileHandle,
    /** Stays the file's when it is renamed; another may get it once the file is gone. */
    readonly inode: string,
    readonly size: number,
    /** Of the last write, in milliseconds since the epoch. */
    readonly writtenAt: number,
  ) {}

  /** `undefined` when there is none. */
  static async open(path: string): Promise<LogFile | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw error;
    }
    const stats = await handle.stat({ bigint: true });
    return new LogFile(
      handle,
      String(stats.ino),
      Number(stats.size),
      Number(stats.mtimeMs),
    );
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** Tells files apart that had the same inode, one after the other. */
  async fingerprint(offset: number): Promise<string> {
    const start = await this.read(0, Math.min(offset, FINGERPRINT_BYTES));
    return createHash('sha256').update(start).digest('base64url').slice(0, 12);
  }

  /** Where the last line ends that is written to its end. */
  async lineEnd(now: number): Promise<number> {
    if (now - this.writtenAt > TORN_FOR_MS) return this.size;
    for await (const last of this.before(this.size)) {
      const [byte] = await this.read(this.size - 1, this.size);
      return byte === NEWLINE ? last.end : last.offset;
    }
    return 0;
  }

  /** The lines that end at or before `end`, the last first. */
  async *before(end: number): AsyncGenerator<RawLine> {
    let lineEnd = end;
    /** Of the line whose begin is not found yet, the last first. */
    let pieces: Buffer[] = [];
    for (let blockEnd = end; blockEnd > 0; ) {
      const start = Math.max(0, blockEnd - BLOCK_BYTES);
      const block = await this.read(start, blockEnd);
      let to = block.length;
      for (;;) {
        // The line's own end is none of a line before.
        const last = start + to === lineEnd ? to - 2 : to - 1;
        const found = last < 0 ? -1 : block.lastIndexOf(NEWLINE, last);
        if (found < 0) break;
        pieces.push(block.subarray(found + 1, to));
        const offset = start + found + 1;
        yield { offset, end: lineEnd, text: toText(pieces.reverse()) };
        pieces = [];
        lineEnd = offset;
        to = found + 1;
      }
      pieces.push(block.subarray(0, to));
      blockEnd = start;
    }
    if (lineEnd > 0) {
      yield { offset: 0, end: lineEnd, text: toText(pieces.reverse()) };
    }
  }

  /** The lines from `start`, where one begins, to `end`. */
  async *between(start: number, end: number): AsyncGenerator<RawLine> {
    let offset = start;
    let pieces: Buffer[] = [];
    for (let position = start; position < end; ) {
      const to = Math.min(end, position + BLOCK_BYTES);
      const block = await this.read(position, to);
      let from = 0;
      for (
        let found = block.indexOf(NEWLINE);
        found >= 0;
        found = block.indexOf(NEWLINE, from)
      ) {
        pieces.push(block.subarray(from, found + 1));
        from = found + 1;
        yield { offset, end: position + from, text: toText(pieces) };
        pieces = [];
        offset = position + from;
      }
      pieces.push(block.subarray(from));
      position = to;
    }
    if (offset < end) yield { offset, end, text: toText(pieces) };
  }

  private async read(start: number, end: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.handle.read({
      buffer: Buffer.alloc(end - start),
      position: start,
    });
    return buffer.subarray(0, bytesRead);
  }
}

function toText(pieces: Buffer[]): string {
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
