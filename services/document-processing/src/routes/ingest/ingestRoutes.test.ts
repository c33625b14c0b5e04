import { NotFoundError } from '@genai-environments/service-kit';
import { once } from 'node:events';
import { get, IncomingMessage } from 'node:http';
import type { VectorizedJob, Vectorizer } from '../../ports/Vectorizer';
import { docx, makeDocx, makePdf, makeXlsx } from '../../testing/fixtures';
import { Harness, makeForm } from '../../testing/harness';

/** Knows one index, and vectorizes when it is told to. */
class ManualVectorizer implements Vectorizer {
  readonly ordered: Array<Parameters<Vectorizer['startJob']>[1]> = [];
  job: VectorizedJob = { status: 'pending', files: [] };

  async assertIndex(_clientId: string, indexId: string) {
    if (indexId !== 'index-1')
      throw new NotFoundError('There is no such index.');
  }
  async startJob(
    _clientId: string,
    job: Parameters<Vectorizer['startJob']>[1],
  ) {
    this.ordered.push(job);
    return { vectorizeJobId: job.id };
  }
  async findJob() {
    return this.job;
  }
}

describe('ingest routes', () => {
  let harness: Harness;
  let vectorizer: ManualVectorizer;

  beforeEach(async () => {
    vectorizer = new ManualVectorizer();
    harness = await Harness.start({ vectorizer });
    harness.startWorkers();
  });
  afterEach(() => harness.close());

  const ingest = (
    fields: Record<string, string>,
    files: Record<string, string | Buffer>,
    claims?: object,
  ) =>
    harness.send(
      { method: 'POST', url: '/document/ingest', ...makeForm(fields, files) },
      claims,
    );
  async function follow(id: string): Promise<IncomingMessage> {
    const { port } = await harness.app.listen({ host: '127.0.0.1', port: 0 });
    const request = get({
      port,
      path: `/document/ingest/${id}/events`,
      headers: await harness.auth.bearer(),
    });
    const [response] = await once(request, 'response');
    return response;
  }

  it('reads files of every kind and ends after chunking without an index', async () => {
    const started = await ingest(
      { chunking_strategy: 'page' },
      {
        'a.txt': 'text',
        'b.md': '# md',
        'c.html': '<p>html</p>',
        'd.json': '{"a":1}',
        'e.jsonl': '{"a":1}',
        'f.csv': 'a,b\n1,2',
        'g.pdf': makePdf([[{ text: 'pdf', x: 72, y: 700 }]]),
        'h.docx': await makeDocx(docx.paragraph('docx')),
        'i.xlsx': await makeXlsx({ Sheet: [['xlsx']] }),
        'j ü.pdf': 'no pdf',
      },
    );
    expect(started).toMatchObject({
      status: 200,
      json: { status: 'STARTED', total_file_count: 10 },
    });
    const { ingest_id: id, chunking_job_id: chunkingJobId } = started.json;
    const ended = await harness.ended(`ingest/${id}`);
    expect(ended.json).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      step: 'chunking',
      message: expect.stringContaining('No index_id was given'),
      completed_file_count: 9,
      failed_file_count: 1,
    });
    expect(ended.json.files[9]).toEqual({
      file_name: 'j ü.pdf',
      step: 'extraction',
      status: 'FAILED',
      reason: expect.stringContaining('plain text'),
    });
    const { json } = await harness.post('chunking/chunk_file_url', {
      chunking_job_id: chunkingJobId,
      file_name: 'i.xlsx',
    });
    expect((await harness.download(json.chunk_file_url))[0]).toMatchObject({
      chunk: expect.stringContaining('xlsx'),
      page_number: 1,
    });
  });

  it('opens an index only to who may write vectors', async () => {
    const scopes = ['genai/document.write', 'genai/vector.write'];
    harness.auth.directory.put({ clientId: 'app-1', enabled: true, scopes });
    const files = { 'a.txt': 'x' };
    const withIndex = (scope: string) =>
      ingest({ index_id: 'index-1' }, files, { scope });
    const refused = await withIndex('genai/document.write');
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({
      code: 'insufficient_scope',
      detail: expect.stringContaining('genai/vector.write'),
    });
    expect((await withIndex(scopes.join(' '))).status).toBe(200);
    const alone = await ingest({}, files, { scope: 'genai/document.write' });
    expect(alone.status).toBe(200);
  });

  it('goes on to vectors, and tells of it as events', async () => {
    const { json } = await ingest({ index_id: 'index-1' }, { 'a.txt': 'x' });
    const response = await follow(json.ingest_id);
    expect(response.headers['content-type']).toContain('text/event-stream');
    response.setEncoding('utf8');
    let text = '';
    for await (const part of response) {
      text += part;
      if (text.includes('"step":"vectorization"')) {
        vectorizer.job = {
          status: 'completed',
          files: [{ fileName: 'a.txt', status: 'completed' }],
        };
      }
    }
    const last = JSON.parse(text.trim().split('data: ').at(-1)!);
    expect(last).toMatchObject({
      status: 'COMPLETED',
      step: 'vectorization',
      vectorize_job_id: expect.any(String),
      completed_file_count: 1,
    });
    expect(vectorizer.ordered).toEqual([
      {
        id: last.vectorize_job_id,
        chunkingJobId: json.chunking_job_id,
        indexId: 'index-1',
      },
    ]);
  });

  it('fails as a whole when no file can be read', async () => {
    const { json } = await ingest({}, { 'a.pdf': 'no pdf' });
    const ended = await harness.ended(`ingest/${json.ingest_id}`);
    expect(ended.json).toMatchObject({ status: 'FAILED', step: 'extraction' });
  });

  it('keeps nothing of a form that it refuses', async () => {
    const refused = [
      await ingest({}, {}),
      await ingest({}, { 'a.txt': 'x', 'b.exe': 'x' }),
      await ingest({ chunking_strategy: 'magic' }, { 'a.txt': 'x' }),
      await ingest(
        { chunk_size: '100', chunk_overlap: '100' },
        { 'a.txt': 'x' },
      ),
      await ingest(
        { chunking_strategy: 'token', chunk_overlap: '1000' },
        { 'a.txt': 'x' },
      ),
      await ingest({ chunk_sice: '100' }, { 'a.txt': 'x' }),
      await ingest({ index_id: 'index-2' }, { 'a.txt': 'x' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([
      400, 400, 422, 422, 422, 422, 404,
    ]);
    expect(refused[5].json.detail).toContain('chunk_sice');
    const form = makeForm({}, { 'a.txt': 'x' });
    const cut = await harness.send({
      method: 'POST',
      url: '/document/ingest',
      headers: form.headers,
      payload: form.payload.subarray(0, form.payload.length - 10),
    });
    expect(cut.status).toBe(400);
    const json = await harness.post('ingest', { files: [] });
    expect(json.status).toBe(415);
    expect((await harness.get('extraction/list_jobs')).json).toEqual([]);
  });

  it('answers 401, 403 and 404, and deletes', async () => {
    const { json } = await ingest({}, { 'a.txt': 'x' });
    const path = `ingest/${json.ingest_id}`;
    await harness.ended(path);
    const other = { clientId: 'app-2' };
    expect((await harness.get(path, other)).status).toBe(404);
    expect((await harness.get(`${path}/events`, other)).status).toBe(404);
    expect((await harness.delete(path, other)).status).toBe(404);
    const scope = 'genai/none';
    expect((await harness.get(path, { scope })).status).toBe(403);
    expect((await harness.get(`${path}/events`, { scope })).status).toBe(403);
    expect((await ingest({}, { 'a.txt': 'x' }, { scope })).status).toBe(403);
    const unknown = await harness.app.fastify.inject(`/document/${path}`);
    expect(unknown.statusCode).toBe(401);

    expect((await harness.delete(path)).json).toEqual({ deleted: true });
    expect((await harness.get(path)).status).toBe(404);
    expect((await harness.get('extraction/list_jobs')).json).toEqual([]);
    expect((await harness.get('chunking/list_jobs')).json).toEqual([]);
  });
});
