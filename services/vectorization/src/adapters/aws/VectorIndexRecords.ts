import {
  type DynamoTableClient,
  MAX_CHANGES,
  type TableKey,
} from '@genai-environments/service-kit/aws';
import { createHash } from 'node:crypto';
import type { SourceDocument } from '../../domain/Chunk';

/** A document of an index: all its chunks have positions below `length`. */
export type DocumentRecord = SourceDocument & { length: number };

/**
 * What S3 Vectors does not keep of an index: that it exists while it is empty, and which
 * positions its documents have, so that removing them lists no vectors.
 */
export class VectorIndexRecords {
  constructor(private readonly options: { table: DynamoTableClient }) {}

  async create(indexId: string): Promise<void> {
    await this.options.table.update({
      key: indexKey(indexId),
      set: 'SET #e = :e',
      names: { '#e': 'exists' },
      values: { ':e': true },
      answer: 'after',
    });
  }

  /** `undefined` when there is no such index; without a dimension while it is empty. */
  async find(indexId: string): Promise<{ dimension?: number } | undefined> {
    const item = await this.options.table.get(indexKey(indexId));
    return item && { dimension: item.dimension };
  }

  /**
   * The first one that is named stays.
   *
   * @returns what is fixed now; `undefined` when there is no such index
   */
  async fixDimension(
    indexId: string,
    dimension: number,
  ): Promise<number | undefined> {
    const item = await this.options.table.update({
      key: indexKey(indexId),
      set: 'SET #d = if_not_exists(#d, :d)',
      when: 'attribute_exists(pk)',
      names: { '#d': 'dimension' },
      values: { ':d': dimension },
      answer: 'after',
    });
    return item?.dimension;
  }

  /** Records that a document may have chunks below `length`; never fewer than before. */
  async reserve(
    indexId: string,
    { document, length }: { document: SourceDocument; length: number },
  ): Promise<void> {
    await this.options.table.update({
      key: documentKey(indexId, document),
      set: 'SET #l = :l, fileName = :f, chunkingJobId = :c',
      when: 'attribute_not_exists(#l) OR #l < :l',
      names: { '#l': 'length' },
      values: {
        ':l': length,
        ':f': document.fileName,
        ':c': document.chunkingJobId,
      },
      answer: 'after',
    });
  }

  async findDocument(
    indexId: string,
    document: SourceDocument,
  ): Promise<DocumentRecord | undefined> {
    const item = await this.options.table.get(documentKey(indexId, document));
    return item as DocumentRecord | undefined;
  }

  listDocuments(indexId: string, fileName: string): Promise<DocumentRecord[]> {
    const documents: Promise<unknown[]> = this.options.table.queryAll({
      pk: documentsOf(indexId),
      sk: { beginsWith: `${hashOf(fileName)}#` },
    });
    return documents as Promise<DocumentRecord[]>;
  }

  allDocuments(indexId: string): AsyncGenerator<DocumentRecord, void> {
    const items: AsyncGenerator<unknown, void> = this.options.table.query({
      pk: documentsOf(indexId),
    });
    return items as AsyncGenerator<DocumentRecord, void>;
  }

  /** Forgets positions from `length` on, unless there are others by now. */
  async shorten(
    indexId: string,
    options: { document: DocumentRecord; length: number },
  ): Promise<void> {
    const { document, length } = options;
    const change = {
      key: documentKey(indexId, document),
      when: '#l = :before',
      names: { '#l': 'length' },
    };
    await this.options.table.transact([
      length === 0
        ? { ...change, values: { ':before': document.length }, delete: true }
        : {
            ...change,
            values: { ':before': document.length, ':l': length },
            set: 'SET #l = :l',
          },
    ]);
  }

  /** Forgets the index; its documents stay until {@link removeDocuments}. */
  async remove(indexId: string): Promise<void> {
    await this.options.table.transact([
      { key: indexKey(indexId), delete: true },
    ]);
  }

  async removeDocuments(indexId: string): Promise<void> {
    const { table } = this.options;
    let keys: TableKey[] = [];
    const removeAll = () =>
      table.transact(keys.map(key => ({ key, delete: true as const })));
    for await (const { pk, sk } of table.query({ pk: documentsOf(indexId) })) {
      keys.push({ pk, sk });
      if (keys.length < MAX_CHANGES) continue;
      await removeAll();
      keys = [];
    }
    if (keys.length > 0) await removeAll();
  }
}

function indexKey(indexId: string): TableKey {
  return { pk: `vectors#content#${indexId}`, sk: 'index' };
}

function documentsOf(indexId: string): string {
  return `vectors#document#${indexId}`;
}

function documentKey(
  indexId: string,
  { fileName, chunkingJobId }: SourceDocument,
): TableKey {
  return {
    pk: documentsOf(indexId),
    sk: `${hashOf(fileName)}#${chunkingJobId}`,
  };
}

/** Names of files may be longer than a key, and hold its separator. */
function hashOf(fileName: string): string {
  return createHash('sha256').update(fileName).digest('base64url');
}
