import type { Ingest } from '../../domain/Ingest';
import type { IngestRepository } from '../IngestRepository';

const INGEST: Ingest = {
  id: 'ingest-1',
  clientId: 'a',
  extractionJobId: 'extraction-1',
  chunkingJobId: 'chunking-1',
  plannedVectorizeJobId: 'vectorize-1',
  indexId: 'index-1',
  chunking: { strategy: 'recursive', chunkSize: 4000, chunkOverlap: 200 },
  createdAt: 1000,
  updatedAt: 1000,
};

/** What every repository must do. */
export function ingestRepositoryContract(options: {
  setUp(): Promise<{
    open(): IngestRepository;
    tearDown(): Promise<void>;
  }>;
}): void {
  describe('contract of IngestRepository', () => {
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let repository: IngestRepository;

    beforeEach(async () => {
      storage = await options.setUp();
      repository = storage.open();
    });
    afterEach(() => storage.tearDown());

    it('keeps what was asked for, for everybody who opens it', async () => {
      await repository.create(INGEST);
      expect(await storage.open().find('a', 'ingest-1')).toEqual(INGEST);
      const { indexId, ...withoutIndex } = INGEST;
      const other = { ...withoutIndex, id: 'ingest-2' };
      await repository.create({ ...other, indexId: undefined });
      expect(await repository.find('a', 'ingest-2')).toStrictEqual(other);
    });

    it('keeps applications apart', async () => {
      await repository.create(INGEST);
      expect(await repository.find('b', 'ingest-1')).toBeUndefined();
      expect(await repository.delete('b', 'ingest-1')).toBe(false);
      expect(await repository.find('a', 'ingest-1')).toEqual(INGEST);
    });

    it('records steps, each beside those before', async () => {
      await repository.create(INGEST);
      const step = { vectorizeJobId: 'vectorize-1', updatedAt: 2000 };
      await repository.update('ingest-1', step);
      await repository.update('ingest-1', step);
      expect(await repository.find('a', 'ingest-1')).toEqual({
        ...INGEST,
        ...step,
      });
      const ending = { failed: true, message: 'Because of "ü".' };
      await repository.update('ingest-1', { ending, updatedAt: 3000 });
      expect(await repository.find('a', 'ingest-1')).toEqual({
        ...INGEST,
        vectorizeJobId: 'vectorize-1',
        ending,
        updatedAt: 3000,
      });
    });

    it('loses no step of those that are recorded at the same time', async () => {
      await repository.create(INGEST);
      const ending = { failed: false, message: 'Done.' };
      await Promise.all([
        repository.update('ingest-1', { vectorizeJobId: 'v', updatedAt: 2000 }),
        storage.open().update('ingest-1', { ending, updatedAt: 2000 }),
      ]);
      expect(await repository.find('a', 'ingest-1')).toEqual({
        ...INGEST,
        vectorizeJobId: 'v',
        ending,
        updatedAt: 2000,
      });
    });

    it('is silent about a step of what is gone, and does not bring it back', async () => {
      await repository.create(INGEST);
      expect(await repository.delete('a', 'ingest-1')).toBe(true);
      expect(await repository.delete('a', 'ingest-1')).toBe(false);
      await repository.update('ingest-1', {
        vectorizeJobId: 'v',
        updatedAt: 2000,
      });
      expect(await repository.find('a', 'ingest-1')).toBeUndefined();
    });
  });
}
