import { FileHandle, open, rename } from 'node:fs/promises';
import { Writable } from 'node:stream';

/** A line longer than this is cut, so that a missing line end cannot fill the memory. */
const MAX_LINE_LENGTH = 64 * 1024;

/**
 * A log file that never grows beyond `maxBytes`: then it becomes `<path>.1` and a new
 * one begins. Each line begins with the time at which it came. Only its owner can read
 * it, and what is in `secrets` is not in it.
 */
export class BoundedLog extends Writable {
  private file?: FileHandle;
  private size = 0;
  private rest = '';
  private readonly path: string;
  private readonly maxBytes: number;
  private readonly now: () => number;
  private readonly secrets: string[] = [];

  constructor(options: {
    path: string;
    maxBytes?: number;
    now?: () => number;
  }) {
    super({ decodeStrings: false, defaultEncoding: 'utf8' });
    this.path = options.path;
    this.maxBytes = options.maxBytes ?? 5 * 1024 * 1024;
    this.now = options.now ?? Date.now;
  }

  /** From now on `secret` is blacked out. */
  redact(secret: string): void {
    this.secrets.push(secret);
  }

  override _construct(callback: (error?: Error | null) => void): void {
    this.open().then(() => callback(), callback);
  }

  override _write(
    chunk: Buffer | string,
    _encoding: BufferEncoding,
    callback: (error?: Error | null) => void,
  ): void {
    // Whole lines only: a secret may be cut in two by the border of a chunk.
    const text = this.rest + chunk.toString();
    const end =
      text.length > MAX_LINE_LENGTH ? text.length : text.lastIndexOf('\n') + 1;
    this.rest = text.slice(end);
    this.append(text.slice(0, end)).then(() => callback(), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.append(this.rest).then(() => callback(), callback);
  }

  override _destroy(
    error: Error | null,
    callback: (error?: Error | null) => void,
  ): void {
    Promise.resolve(this.file?.close()).then(() => callback(error), callback);
  }

  private async append(text: string): Promise<void> {
    const clean = this.secrets.reduce(
      (line, secret) => line.replaceAll(secret, '[redacted]'),
      text,
    );
    const bytes = Buffer.from(stamp(clean, new Date(this.now())));
    if (bytes.length === 0) return;
    if (this.size + bytes.length > this.maxBytes && this.size > 0) {
      await this.file?.close();
      await rename(this.path, `${this.path}.1`);
      await this.open();
    }
    await this.file!.appendFile(bytes);
    this.size += bytes.length;
  }

  private async open(): Promise<void> {
    this.file = await open(this.path, 'a', 0o600);
    this.size = (await this.file.stat()).size;
  }
}

/** Whole lines, none of them empty, each behind its time. */
function stamp(text: string, at: Date): string {
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => `${at.toISOString()} ${line}\n`)
    .join('');
}
