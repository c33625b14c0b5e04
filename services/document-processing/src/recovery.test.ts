import { DependencyError, SqliteQueue } from '@genai-environments/service-kit';
import { openDocumentDatabase } from './adapters/local/database';
import type { TextExtractor } from './ports/TextExtractor';
import { Harness, makeForm } from './testing/harness';

/** Reads what it is told to, without a process. */
class ScriptedExtractor implements TextExtractor {
  calls = 0;
  behave: (call: number, fileName: string) => void | Promise<void> = () => {};

  async *extract(source: { fileName: string }) {
    this.calls += 1;
    await this.behave(this.calls, source.fileName);
    yield { pageNumber: 1, text: `text of ${source.fileName}`, tables: [] };
  }
}

describe('work that breaks off', () => {
  let harness: Harness;
  let extractor: ScriptedExtractor;

  beforeEach(async () => {
    extractor = new ScriptedExtractor();
    harness = await Harness.start({ extractor });
  });
  afterEach(() => harness.close());

  const statusOf = async (id: string) =>
    (await harness.get(`extraction/job_status/${id}`)).json;

  it('goes on after a restart, with exact counters', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `${index}.txt`);
    const id = await harness.createJob(
      Object.fromEntries(names.map(name => [name, 'x'])),
    );
    let enough = () => {};
    const some = new Promise<void>(resolve => (enough = resolve));
    extractor.behave = async call => {
      if (call === 5) enough();
      // From here on the process never gets to the end of a file.
      if (call >= 5) await new Promise(() => {});
    };
    await harness.post('extraction/start_job', { extraction_job_id: id });
    harness.startWorkers();
    await some;
    await harness.restart();
    expect(await statusOf(id)).toMatchObject({ status: 'STARTED' });

    extractor.behave = () => {};
    harness.startWorkers();
    expect((await harness.ended(`extraction/job_status/${id}`)).json).toEqual({
      job_id: id,
      completed_file_count: 12,
      total_file_count: 12,
      failed_file_count: 0,
      status: 'COMPLETED',
    });
  });

  it('counts a file once when its order comes again', async () => {
    const id = await harness.createJob({ 'a.txt': 'x', 'b.txt': 'x' });
    await harness.post('extraction/start_job', { extraction_job_id: id });
    await harness.post('extraction/start_job', { extraction_job_id: id });
    // Another start orders nothing; a dispatch that a crash left unrecorded does.
    const database = openDocumentDatabase({
      dataDirectory: harness.dataDirectory,
    });
    database.exec('UPDATE job SET dispatched = 0');
    database.close();
    await harness.restart();
    harness.startWorkers();
    await harness.ended(`extraction/job_status/${id}`);
    await drained(harness);
    expect(await statusOf(id)).toMatchObject({
      status: 'COMPLETED',
      completed_file_count: 2,
      failed_file_count: 0,
    });
  });

  it('shows in the job why a file was given up', async () => {
    extractor.behave = (_call, name) => {
      if (name === 'bad.txt') {
        throw new DependencyError('The reader of documents is gone.', {
          kind: 'unavailable',
          retryable: false,
        });
      }
    };
    const id = await harness.createJob({ 'bad.txt': 'x', 'good.txt': 'x' });
    await harness.post('extraction/start_job', { extraction_job_id: id });
    harness.startWorkers();
    await harness.ended(`extraction/job_status/${id}`);
    expect(
      (await harness.get(`extraction/job_files/${id}`)).json,
    ).toMatchObject([
      { status: 'FAILED', reason: 'The reader of documents is gone.' },
      { status: 'COMPLETED' },
    ]);
  });

  it('leaves nothing behind when a job is deleted while it is worked on', async () => {
    let reached = () => {};
    let goOn = () => {};
    const inWork = new Promise<void>(resolve => (reached = resolve));
    extractor.behave = () => {
      reached();
      return new Promise<void>(resolve => (goOn = resolve));
    };
    const id = await harness.createJob({ 'a.txt': 'x' });
    await harness.post('extraction/start_job', { extraction_job_id: id });
    harness.startWorkers();
    await inWork;
    const deleteAll = jest.spyOn(harness.objects, 'deleteAll');
    expect((await harness.delete(`extraction/${id}`)).status).toBe(200);
    goOn();
    await drained(harness);
    expect(deleteAll).toHaveBeenCalledTimes(2);
  });
});

describe('the service while what it needs is away', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.start({ extractor: new ScriptedExtractor() });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await harness.close();
  });

  const away = () =>
    new DependencyError('It is away.', {
      kind: 'unavailable',
      retryable: true,
    });
  const takeQueueAway = () =>
    jest.spyOn(SqliteQueue.prototype, 'send').mockRejectedValue(away());
  /** Ends what was left, in a service that starts anew. */
  const recoverTo = async (path: string) => {
    jest.restoreAllMocks();
    await harness.restart();
    harness.startWorkers();
    return (await harness.ended(path)).json;
  };

  it('accepts an ingest that the queue does not take, and does it later, once', async () => {
    takeQueueAway();
    const form = makeForm({}, { 'a.txt': 'x', 'b.txt': 'x' });
    const { status, json } = await harness.send({
      ...{ ...form, method: 'POST', url: '/document/ingest' },
    });
    expect({ status, json }).toMatchObject({ status: 200, json: {} });
    // Nor does the service need the queue to start.
    await harness.restart();
    expect(await recoverTo(`ingest/${json.ingest_id}`)).toMatchObject({
      status: 'COMPLETED',
    });
    const jobs = await harness.get('extraction/list_jobs');
    expect(jobs.json).toHaveLength(1);
  });

  it('accepts starting a job that the queue does not take', async () => {
    const id = await harness.createJob({ 'a.txt': 'x' });
    takeQueueAway();
    expect(
      await harness.post('extraction/start_job', { extraction_job_id: id }),
    ).toMatchObject({ status: 200, json: { status: 'STARTED' } });
    expect(await recoverTo(`extraction/job_status/${id}`)).toMatchObject({
      ...{ status: 'COMPLETED', completed_file_count: 1 },
    });
  });

  it('accepts cutting text that the queue does not take', async () => {
    harness.startWorkers();
    const id = await harness.extract({ 'a.txt': 'x' });
    takeQueueAway();
    const { status, json } = await harness.post('chunking/create_job', {
      ...{ extraction_job_id: id, chunking_strategy: 'recursive' },
    });
    expect(status).toBe(200);
    expect(
      await recoverTo(`chunking/job_status/${json.chunking_job_id}`),
    ).toMatchObject({ status: 'COMPLETED' });
  });

  it('deletes a job whose objects it cannot remove, and removes them later', async () => {
    const id = await harness.createJob({ 'a.txt': 'x' });
    jest.spyOn(harness.objects, 'deleteAll').mockRejectedValue(away());
    expect(await harness.delete(`extraction/${id}`)).toMatchObject({
      ...{ status: 200, json: { deleted: true } },
    });
    expect((await harness.delete(`extraction/${id}`)).status).toBe(404);
    await harness.restart();
    const database = openDocumentDatabase(harness);
    const left = database.prepare('SELECT count(*) AS n FROM removal');
    while (left.get()!.n !== 0) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    database.close();
  });
});

/** Until the queue of extractions holds nothing. */
async function drained(harness: Harness): Promise<void> {
  for (const worker of harness.documents.workers) {
    await worker.close({ drainMs: 5000 });
  }
}
