import {
  DependencyError,
  type ObjectStore,
} from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDocumentDatabase } from '../adapters/local/database';
import { SqliteDocumentJobRepository } from '../adapters/local/SqliteDocumentJobRepository';
import { FileWork } from './FileWork';

const MESSAGE = { clientId: 'a', jobId: 'job-1', fileId: 'f1' };

describe('FileWork', () => {
  let directory: string;
  let database: DatabaseSync;
  let repository: SqliteDocumentJobRepository;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'file-work-'));
    database = openDocumentDatabase({ dataDirectory: directory });
    repository = new SqliteDocumentJobRepository({ database });
    await repository.createJob(
      {
        ...{ id: 'job-1', clientId: 'a', kind: 'extraction' },
        ...{ status: 'started', createdAt: 1 },
      },
      [{ id: 'f1', fileName: 'f1.txt', format: 'txt' }],
    );
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const startWith = (process: () => Promise<never>) =>
    new FileWork({
      kind: 'extraction',
      repository,
      objects: {} as ObjectStore,
      clock: { now: () => 1 },
      onEnded: async () => {},
      process,
    });
  const errorOf = (work: FileWork, signal = new AbortController().signal) =>
    work.handle(MESSAGE, { signal, deliveries: 1 }).then(
      () => undefined,
      error => error,
    );

  it('gives a file up that failed five times, for the last reason', async () => {
    const broken = new DependencyError('The reader broke off.', {
      kind: 'failed',
      retryable: true,
      code: 'reader_broke_off',
    });
    const work = startWith(async () => Promise.reject(broken));
    for (let failure = 1; failure < 5; failure++) {
      expect(await errorOf(work)).toBe(broken);
    }
    expect(await errorOf(work)).toMatchObject({
      name: 'DependencyError',
      message: 'The reader broke off.',
      code: 'reader_broke_off',
      retryable: false,
      cause: broken,
    });
  });

  it('tells callers nothing of errors that are not for them', async () => {
    const inside = new Error('password is hunter2');
    const work = startWith(async () => Promise.reject(inside));
    for (let failure = 1; failure < 5; failure++) await errorOf(work);
    const error = await errorOf(work);
    expect(error).toMatchObject({ retryable: false, cause: inside });
    expect(error.message).not.toContain('hunter2');
  });

  it('does not count work that broke off', async () => {
    const stopped = AbortSignal.abort(new Error('The worker stops'));
    const work = startWith(async () => Promise.reject(new Error('x')));
    for (let stop = 0; stop < 10; stop++) await errorOf(work, stopped);
    expect(
      await repository.countFailure({ jobId: 'job-1', fileId: 'f1' }),
    ).toBe(1);
  });
});
