import type { ServiceHealth } from '@genai-environments/service-kit';
import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { noIndex } from '../../../domain/noIndex';
import type { VectorIndex } from '../../../ports/VectorIndex';
import { IndexFile } from './IndexFile';
import { IndexReader } from './IndexReader';

export type SqliteVectorIndexOptions = {
  /** Holds one file per index; made when missing, readable by its owner only. */
  directory: string;
  /**
   * What codes in memory may take, over all indexes; default 256 MiB, about 600,000 chunks of
   * 384 dimensions. An index beyond it is scanned from disk.
   */
  maxCachedBytes?: number;
  /** Indexes whose files stay open; default 32. */
  maxOpenIndexes?: number;
};

type OpenIndex = { file: IndexFile; reader: IndexReader };

/**
 * Keeps each index in an SQLite file of its own, and searches it by a complete scan over
 * vectors quantized to a byte per dimension. Any number of processes may write and search.
 */
export class SqliteVectorIndex implements VectorIndex {
  readonly type = 'local';
  readonly ranksByText = true;
  private readonly maxCachedBytes: number;
  private readonly maxOpenIndexes: number;
  /** Least recently used first. */
  private readonly open = new Map<string, OpenIndex>();

  constructor(private readonly options: SqliteVectorIndexOptions) {
    this.maxCachedBytes = options.maxCachedBytes ?? 256 * 1024 * 1024;
    this.maxOpenIndexes = options.maxOpenIndexes ?? 32;
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  }

  create: VectorIndex['create'] = async indexId => {
    new IndexFile(this.pathOf(indexId)).close();
  };

  upsert: VectorIndex['upsert'] = async (indexId, batch) =>
    this.use(indexId).file.upsert(batch);

  trim: VectorIndex['trim'] = async (indexId, { document, length }) =>
    this.use(indexId).file.trim(document, length);

  removeDocuments: VectorIndex['removeDocuments'] = async (indexId, which) =>
    this.use(indexId).file.removeDocuments(which);

  searchByVector: VectorIndex['searchByVector'] = async (indexId, query) => {
    const found = this.use(indexId).reader.searchByVector(query);
    this.shrink(indexId);
    return found;
  };

  searchByText: VectorIndex['searchByText'] = async (indexId, query) => {
    const found = this.use(indexId).reader.searchByText(query);
    this.shrink(indexId);
    return found;
  };

  count: VectorIndex['count'] = async indexId => this.use(indexId).file.count();

  drop: VectorIndex['drop'] = async indexId => {
    this.release(indexId);
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(`${this.pathOf(indexId)}${suffix}`, { force: true });
    }
  };

  async health(): Promise<ServiceHealth> {
    try {
      // eslint-disable-next-line no-bitwise
      accessSync(this.options.directory, constants.R_OK | constants.W_OK);
      return { status: 'UP' };
    } catch {
      return {
        status: 'DOWN',
        reason: 'The directory of the vector indexes cannot be written.',
      };
    }
  }

  async close(): Promise<void> {
    for (const indexId of [...this.open.keys()]) this.release(indexId);
  }

  private use(indexId: string): OpenIndex {
    const path = this.pathOf(indexId);
    // Another process may have dropped it; its file is then open here, but gone.
    if (!existsSync(path)) {
      this.release(indexId);
      throw noIndex();
    }
    const found = this.open.get(indexId) ?? this.openIndex(path);
    this.open.delete(indexId);
    this.open.set(indexId, found);
    for (const oldest of [...this.open.keys()]) {
      if (this.open.size <= this.maxOpenIndexes) break;
      this.release(oldest);
    }
    return found;
  }

  private openIndex(path: string): OpenIndex {
    const { maxCachedBytes } = this;
    const file = new IndexFile(path);
    return { file, reader: new IndexReader({ file, maxCachedBytes }) };
  }

  /** Takes memory from the indexes that were used least recently. */
  private shrink(keep: string): void {
    let bytes = 0;
    for (const { reader } of this.open.values()) bytes += reader.cachedBytes;
    for (const [indexId, { reader }] of this.open) {
      if (bytes <= this.maxCachedBytes) return;
      if (indexId === keep) continue;
      bytes -= reader.cachedBytes;
      reader.forget();
    }
  }

  private release(indexId: string): void {
    this.open.get(indexId)?.file.close();
    this.open.delete(indexId);
  }

  /** Ids are made here, never by callers; what else comes names no file outside. */
  private pathOf(indexId: string): string {
    return join(
      this.options.directory,
      `${encodeURIComponent(indexId).replaceAll('.', '%2E')}.sqlite`,
    );
  }
}
