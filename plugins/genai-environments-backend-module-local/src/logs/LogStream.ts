import { LogFile, RawLine } from './LogFile';

/** As far as one page looks through one log, so that a rare line costs no minute. */
const MAX_SCAN_BYTES = 8 * 1024 * 1024;

/** Where one is in a log; kept by the reader. Absent: before everything. */
export type LogPosition = {
  inode: string;
  fingerprint: string;
  offset: number;
};

/** The same while the files are open. */
type Place = { index: number; offset: number };

/** A line, the file that has it, and where the next one begins. */
export type StreamLine = RawLine & { file: LogFile; next: Place };

/** A log that becomes `<path>.1` now and then, and begins anew. */
export class LogStream {
  private constructor(
    /** The oldest first. */
    private readonly files: LogFile[],
    private readonly now: number,
  ) {}

  static async open(path: string, now: number): Promise<LogStream> {
    // In this order: a file that is put aside in between is found twice, and not never.
    const current = await LogFile.open(path);
    const older = await LogFile.open(`${path}.1`);
    const isSame = older !== undefined && older.inode === current?.inode;
    if (isSame) await older.close();
    const files = [isSame ? undefined : older, current];
    return new LogStream(
      files.filter(file => file !== undefined),
      now,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.files.map(file => file.close()));
  }

  /** The newest lines that fit, oldest first. */
  async newest(
    limit: number,
    fits: (text: string) => boolean,
  ): Promise<StreamLine[]> {
    const lines: StreamLine[] = [];
    let scanned = 0;
    const isEnough = () => lines.length >= limit || scanned > MAX_SCAN_BYTES;
    for (
      let index = this.files.length - 1;
      index >= 0 && !isEnough();
      index--
    ) {
      const file = this.files[index];
      for await (const line of file.before(await this.endOf(index))) {
        if (isEnough()) break;
        scanned += line.end - line.offset;
        if (fits(line.text)) {
          lines.push({ ...line, file, next: { index, offset: line.end } });
        }
      }
    }
    return lines.reverse();
  }

  /** The first lines from a place on that fit, and how far was looked. */
  async since(
    start: Place,
    limit: number,
    fits: (text: string) => boolean,
  ): Promise<{ lines: StreamLine[]; end: Place }> {
    const lines: StreamLine[] = [];
    let end = start;
    let scanned = 0;
    for (let { index } = start; index < this.files.length; index++) {
      const file = this.files[index];
      const from = index === start.index ? start.offset : 0;
      for await (const line of file.between(from, await this.endOf(index))) {
        if (lines.length >= limit || scanned > MAX_SCAN_BYTES) {
          return { lines, end };
        }
        scanned += line.end - line.offset;
        end = { index, offset: line.end };
        if (fits(line.text)) lines.push({ ...line, file, next: end });
      }
    }
    return { lines, end };
  }

  /** Behind everything that is written. */
  async end(): Promise<Place> {
    const index = Math.max(0, this.files.length - 1);
    return { index, offset: await this.endOf(index) };
  }

  /** Where the reader was; all that is kept is newer when its file is gone. */
  async find(position: LogPosition | undefined): Promise<Place> {
    const { inode, offset, fingerprint } = position ?? {};
    for (const [index, file] of this.files.entries()) {
      if (
        file.inode === inode &&
        file.size >= offset! &&
        (await file.fingerprint(offset!)) === fingerprint
      ) {
        return { index, offset: offset! };
      }
    }
    return { index: 0, offset: 0 };
  }

  async describe({ index, offset }: Place): Promise<LogPosition | undefined> {
    // Nothing tells a file apart in which nothing was read: the one before does.
    if (offset === 0 && index > 0) {
      const before = index - 1;
      return this.describe({ index: before, offset: this.files[before].size });
    }
    if (offset === 0) return undefined;
    const file = this.files[index];
    const fingerprint = await file.fingerprint(offset);
    return { inode: file.inode, fingerprint, offset };
  }

  /** A file that was put aside is written to no more. */
  private async endOf(index: number): Promise<number> {
    const file: LogFile | undefined = this.files[index];
    const isLast = index === this.files.length - 1;
    return (isLast ? file?.lineEnd(this.now) : file?.size) ?? 0;
  }
}
