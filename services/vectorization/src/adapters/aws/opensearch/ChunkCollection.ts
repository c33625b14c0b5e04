import { DependencyError } from '@genai-environments/service-kit';
import type { ChunkDocument, Hit } from './chunkDocuments';
import { indexDefinition, indexName } from './indexDefinition';
import type { SearchAnswer, SearchConnection } from './SearchConnection';

/** What OpenSearch Serverless takes at once; it refuses requests above 10 MiB or so. */
const MAX_REQUEST_BYTES = 5 * 1024 * 1024;
const MAX_DELETES = 1000;

const EXISTS_ALREADY = 'resource_already_exists_exception';

/**
 * Documents in indexes of one collection. What was written is found by searches about a minute
 * later: a vector search collection has no `_refresh`, takes no ids and deletes by no query.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html
 */
export class ChunkCollection {
  constructor(private readonly options: { connection: SearchConnection }) {}

  /** Silent when it is there already. */
  async createIndex(indexId: string, dimension: number): Promise<void> {
    const answer = await this.options.connection.send({
      method: 'PUT',
      path: `/${indexName(indexId)}`,
      body: JSON.stringify(indexDefinition(dimension)),
    });
    if (answer.body?.error?.type !== EXISTS_ALREADY) succeeded(answer);
  }

  /** Silent when it is gone already. */
  async deleteIndex(indexId: string): Promise<void> {
    const answer = await this.options.connection.send({
      method: 'DELETE',
      path: `/${indexName(indexId)}`,
    });
    if (answer.status !== 404) succeeded(answer);
  }

  /**
   * All or, as far as that goes, none.
   *
   * @returns ids, in the order of the documents
   */
  async add(indexId: string, documents: ChunkDocument[]): Promise<string[]> {
    const ids: string[] = [];
    try {
      for (const lines of inRequests(documents)) {
        const items = await this.bulk(indexId, lines);
        const created = items.map(({ index }) => index);
        ids.push(
          ...created.filter(({ status }) => status < 300).map(({ _id }) => _id),
        );
        const failed = created.find(({ status }) => status >= 300);
        if (failed) throw refused(failed);
      }
    } catch (error) {
      // Nobody finds what has no place; it only takes room.
      await this.remove(indexId, ids).catch(() => {});
      throw error;
    }
    return ids;
  }

  /** Silent about those that are gone already. */
  async remove(indexId: string, ids: string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += MAX_DELETES) {
      const lines = ids
        .slice(from, from + MAX_DELETES)
        .map(_id => JSON.stringify({ delete: { _id } }));
      const items = await this.bulk(indexId, lines);
      const failed = items.find(
        item => item.delete.status >= 300 && item.delete.status !== 404,
      );
      if (failed) throw refused(failed.delete);
    }
  }

  /** `undefined` when there is no such index. */
  async search(
    indexId: string,
    search: { size: number; query: object; fields?: string[] },
  ): Promise<Hit[] | undefined> {
    const { size, query, fields } = search;
    const answer = await this.options.connection.send({
      method: 'POST',
      path: `/${indexName(indexId)}/_search`,
      body: JSON.stringify({
        size,
        query,
        _source: fields ?? { excludes: ['vector', 'tags', 'numbers'] },
      }),
    });
    if (answer.status === 404) return undefined;
    return succeeded(answer).hits.hits;
  }

  /** Rejects when the collection does not answer. */
  async reach(): Promise<void> {
    await this.options.connection.send({
      method: 'HEAD',
      path: `/${indexName('health')}`,
    });
  }

  private async bulk(indexId: string, lines: string[]): Promise<any[]> {
    const answer = await this.options.connection.send({
      method: 'POST',
      path: `/${indexName(indexId)}/_bulk`,
      body: `${lines.join('\n')}\n`,
    });
    // An index takes a moment until it is there for all.
    if (answer.status === 404) throw refused({ status: 503 });
    return succeeded(answer).items;
  }
}

function* inRequests(documents: ChunkDocument[]): Generator<string[]> {
  let lines: string[] = [];
  let bytes = 0;
  for (const document of documents) {
    const line = JSON.stringify(document);
    const size = Buffer.byteLength(line);
    if (lines.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield lines;
      lines = [];
      bytes = 0;
    }
    lines.push('{"index":{}}', line);
    bytes += size;
  }
  if (lines.length > 0) yield lines;
}

function succeeded(answer: SearchAnswer): any {
  if (answer.status < 300) return answer.body;
  throw new DependencyError(
    'The vector store did not take the request; the log says more.',
    { kind: 'failed', retryable: false, cause: answer },
  );
}

/** Why one document of a bulk request was not taken. */
function refused(item: { status: number }): DependencyError {
  const retryable = item.status === 429 || item.status >= 500;
  return new DependencyError(
    retryable
      ? 'The vector store is busy just now. Try again shortly.'
      : 'The vector store did not take a chunk; the log says more.',
    { kind: retryable ? 'unavailable' : 'failed', retryable, cause: item },
  );
}
