import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { Ingest } from '../../domain/Ingest';
import type { IngestRepository } from '../../ports/IngestRepository';
import { setAttributes } from './expressions';

/** Keeps ingests in the environment's table. */
export class DynamoDbIngestRepository implements IngestRepository {
  constructor(private readonly options: { table: DynamoTableClient }) {}

  async create(ingest: Ingest): Promise<void> {
    await this.options.table.putMany([{ ...ingestKey(ingest.id), ...ingest }]);
  }

  async find(clientId: string, id: string): Promise<Ingest | undefined> {
    const item = await this.options.table.get(ingestKey(id));
    if (item?.clientId !== clientId) return undefined;
    const { pk, sk, ...ingest } = item;
    return ingest as unknown as Ingest;
  }

  async update(
    id: string,
    change: Partial<Pick<Ingest, 'vectorizeJobId' | 'ending'>> & {
      updatedAt: number;
    },
  ): Promise<void> {
    await this.options.table.update({
      key: ingestKey(id),
      ...setAttributes(change),
      when: 'attribute_exists(pk)',
      answer: 'before',
    });
  }

  async delete(clientId: string, id: string): Promise<boolean> {
    const refused = await this.options.table.transact([
      {
        key: ingestKey(id),
        delete: true,
        when: '#clientId = :clientId',
        names: { '#clientId': 'clientId' },
        values: { ':clientId': clientId },
      },
    ]);
    return !refused;
  }
}

function ingestKey(id: string) {
  return { pk: `documents#ingest#${id}`, sk: 'ingest' };
}
