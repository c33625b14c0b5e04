import {
  createLogger,
  type ObjectStore,
  type Queue,
} from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDocumentDatabase } from '../adapters/local/database';
import { SqliteDocumentJobRepository } from '../adapters/local/SqliteDocumentJobRepository';
import { Dispatcher } from './Dispatcher';
import type { FileMessage } from './Job';

/** More than are read at once. */
const MANY = 101;

describe('Dispatcher', () => {
  let directory: string;
  let database: DatabaseSync;
  let repository: SqliteDocumentJobRepository;
  let dispatcher: Dispatcher;
  let log: string[];
  /** Jobs and prefixes that fail, and those that are done. */
  let fails: (id: string) => boolean;
  let done: string[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'dispatcher-'));
    database = openDocumentDatabase({ dataDirectory: directory });
    repository = new SqliteDocumentJobRepository({ database });
    log = [];
    done = [];
    fails = () => true;
    const attempt = async (id: string) => {
      if (fails(id)) throw new Error(`${id} is away`);
      done.push(id);
    };
    const queue = {
      send: ([{ jobId }]: FileMessage[]) => attempt(jobId),
    } as unknown as Queue<FileMessage>;
    dispatcher = new Dispatcher({
      repository,
      objects: { deleteAll: attempt } as unknown as ObjectStore,
      queues: { extraction: queue, chunking: queue },
      logger: createLogger({ destination: { write: line => log.push(line) } }),
    });
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const chunking = (id: string) => ({
    ...{ id, clientId: 'a', kind: 'chunking' as const },
  });
  const create = async (id: string, createdAt = 1) => {
    const job = { ...chunking(id), createdAt, status: 'started' as const };
    const file = { id: 'f', fileName: 'f.txt', format: 'txt' as const };
    await repository.createJob(job, [file]);
  };
  const undispatched = async () =>
    (await repository.listUndispatched({})).items.map(({ id }) => id);
  const removals = async () => (await repository.listRemovals({})).items;
  const range = (prefix: string) =>
    Array.from({ length: MANY }, (_, at) => `${prefix}${1000 + at}`);

  it('leaves a job to recovery that the queue does not take, and tells the log', async () => {
    await create('job');
    await dispatcher.dispatch(chunking('job'));
    expect(await undispatched()).toEqual(['job']);
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0])).toMatchObject({
      ids: ['job'],
      err: { message: 'job is away' },
    });
  });

  it('leaves objects to recovery that cannot be removed, and tells the log', async () => {
    await create('job');
    const objectPrefix = 'jobs/job/';
    await repository.deleteJob('a', chunking('job'), { objectPrefix });
    await dispatcher.removeObjects(objectPrefix);
    expect(await removals()).toEqual([objectPrefix]);
    expect(log).toHaveLength(1);
    fails = () => false;
    await dispatcher.removeLeft();
    expect(await removals()).toEqual([]);
  });

  it('dispatches the job behind all that fail, and again those', async () => {
    const ids = range('job-');
    for (const id of ids) await create(id);
    const last = ids.at(-1)!;
    fails = id => id !== last;
    await dispatcher.dispatchLeft();
    expect(done).toEqual([last]);
    expect(await undispatched()).toEqual(ids.slice(0, -1));
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0])).toMatchObject({ failures: MANY - 1 });
    fails = () => false;
    await dispatcher.dispatchLeft();
    expect(await undispatched()).toEqual([]);
  });

  it('removes the objects behind all that fail', async () => {
    const prefixes = range('jobs/');
    for (const objectPrefix of prefixes) {
      await create(objectPrefix);
      const job = chunking(objectPrefix);
      await repository.deleteJob('a', job, { objectPrefix });
    }
    const last = prefixes.at(-1)!;
    fails = prefix => prefix !== last;
    await dispatcher.removeLeft();
    expect(done).toEqual([last]);
    expect(await removals()).toEqual(prefixes.slice(0, -1));
  });

  it('leaves jobs to who may be at them just now', async () => {
    await create('old', 1);
    await create('new', 2);
    fails = () => false;
    await dispatcher.dispatchLeft({ before: 2 });
    expect(done).toEqual(['old']);
  });

  it('begins with nothing more once it is told to end', async () => {
    await create('job');
    fails = () => false;
    await dispatcher.dispatchLeft({ signal: AbortSignal.abort() });
    expect(done).toEqual([]);
  });

  it('reads no other page once it is told to end', async () => {
    for (const id of range('job-')) await create(id);
    const stop = new AbortController();
    const { signal } = stop;
    const read = jest.spyOn(repository, 'listUndispatched');
    fails = () => {
      stop.abort();
      return false;
    };
    await dispatcher.dispatchLeft({ signal });
    expect(done).toEqual(['job-1000']);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
