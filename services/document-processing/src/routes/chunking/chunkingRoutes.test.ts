import { makePdf } from '../../testing/fixtures';
import { Harness } from '../../testing/harness';

const other = { clientId: 'app-2' };

describe('chunking routes', () => {
  let harness: Harness;
  let extractionJobId: string;

  beforeAll(async () => {
    harness = await Harness.start();
    harness.startWorkers();
    extractionJobId = await harness.extract({
      'long.txt': 'word '.repeat(2000),
      'data.json': JSON.stringify({ a: 'x'.repeat(200), b: 'y'.repeat(200) }),
      'rows.jsonl': '{"row":1}\n{"row":2}\n',
      'two.pdf': makePdf([
        [{ text: 'Page one', x: 72, y: 700 }],
        [{ text: 'Page two', x: 72, y: 700 }],
      ]),
      'broken.pdf': '%PDF-1.4',
    });
  });
  afterAll(() => harness.close());

  const create = (body: object, claims?: object) =>
    harness.post(
      'chunking/create_job',
      {
        extraction_job_id: extractionJobId,
        chunking_strategy: 'recursive',
        ...body,
      },
      claims,
    );
  async function chunk(body: object): Promise<string> {
    const { json } = await create(body);
    await harness.ended(`chunking/job_status/${json.chunking_job_id}`);
    return json.chunking_job_id;
  }
  async function chunksOf(id: string, name: string) {
    const { json } = await harness.post('chunking/chunk_file_url', {
      chunking_job_id: id,
      file_name: name,
    });
    return harness.download(json.chunk_file_url);
  }

  it('cuts every extracted file, each in its way', async () => {
    const created = await create({});
    expect(created).toMatchObject({
      status: 200,
      json: {
        extraction_job_id: extractionJobId,
        status: 'WAITING_QUEUE_ALLOCATION',
        total_file_count: 4,
      },
    });
    const id = created.json.chunking_job_id;
    expect((await harness.ended(`chunking/job_status/${id}`)).json).toEqual({
      chunking_job_id: id,
      status: 'COMPLETED',
      total_file_count: 4,
      completed_files: 4,
      failed_files: 0,
    });
    const long = await chunksOf(id, 'long.txt');
    expect(long.length).toBe(3);
    for (const { chunk: text } of long) {
      expect(text.length).toBeLessThanOrEqual(4000);
    }
    expect(await chunksOf(id, 'rows.jsonl')).toEqual([
      { chunk: '{"row":1}' },
      { chunk: '{"row":2}' },
    ]);
    expect(await chunksOf(id, 'data.json')).toHaveLength(2);
    const files = await harness.get(`chunking/job_files/${id}`);
    expect(files.json).toMatchObject({
      chunking_job_id: id,
      files: [
        {
          file_name: 'long.txt',
          status: 'COMPLETED',
          timestamp: expect.stringMatching(/Z$/),
          chunk_count: 3,
        },
        { file_name: 'data.json' },
        { file_name: 'rows.jsonl' },
        { file_name: 'two.pdf' },
      ],
    });
  });

  it('tells the page of a chunk, and cuts by page when asked to', async () => {
    const joined = await chunk({ chunking_params: null });
    expect(await chunksOf(joined, 'two.pdf')).toEqual([
      { chunk: 'Page one\n\nPage two', page_number: 1 },
    ]);
    const paged = await chunk({ chunking_strategy: 'page' });
    expect(await chunksOf(paged, 'two.pdf')).toEqual([
      { chunk: 'Page one', page_number: 1 },
      { chunk: 'Page two', page_number: 2 },
    ]);
  });

  it('takes null for the default of a size, as for absent', async () => {
    const params = { chunk_size: null, chunk_overlap: null };
    const [first] = await chunksOf(
      await chunk({ chunking_params: params }),
      'long.txt',
    );
    const [expected] = await chunksOf(await chunk({}), 'long.txt');
    expect(first).toEqual(expected);
  });

  it.each(['fixed_size', 'markdown', 'token'])('cuts by %s', async strategy => {
    const id = await chunk({
      chunking_strategy: strategy,
      chunking_params: { chunk_size: 100, chunk_overlap: 10 },
    });
    const chunks = await chunksOf(id, 'long.txt');
    expect(chunks.length).toBeGreaterThan(10);
    expect(chunks[0].chunk).toMatch(/^word word/);
  });

  it('gives chunks to other services, in their order', async () => {
    const id = await chunk({});
    const { chunks } = harness.documents;
    expect(await chunks.findJob('app-1', id)).toMatchObject({
      status: 'completed',
      files: [
        { fileName: 'long.txt', status: 'completed', chunkCount: 3 },
        {},
        {},
        {},
      ],
    });
    expect(await chunks.findJob('app-2', id)).toBeUndefined();
    const key = { chunkingJobId: id, fileName: 'two.pdf' };
    const read = [];
    for await (const part of chunks.readChunks('app-1', key)) read.push(part);
    expect(read).toEqual([{ text: 'Page one\n\nPage two', pageNumber: 1 }]);
    await expect(
      chunks.readChunks('app-2', key)[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('answers 409 while there is no text to cut', async () => {
    const created = await harness.createJob({ 'a.txt': 'x' });
    expect(await create({ extraction_job_id: created })).toMatchObject({
      status: 409,
      json: { code: 'extraction_not_ended' },
    });
    const failed = await harness.extract({ 'a.pdf': 'no pdf' });
    expect(await create({ extraction_job_id: failed })).toMatchObject({
      status: 409,
      json: { code: 'nothing_extracted' },
    });
  });

  it('fails a file whose text was deleted, and deletes a job with its chunks', async () => {
    const source = await harness.extract({ 'a.txt': 'x' });
    const id = await chunk({ extraction_job_id: source });
    const { json } = await harness.post('chunking/chunk_file_url', {
      chunking_job_id: id,
      file_name: 'a.txt',
    });
    await harness.delete(`extraction/${source}`);
    expect(await harness.download(json.chunk_file_url)).toEqual([
      { chunk: 'x' },
    ]);
    expect((await harness.delete(`chunking/${id}`, other)).status).toBe(404);
    expect((await harness.delete(`chunking/${id}`)).json).toEqual({
      deleted: true,
    });
    await expect(harness.download(json.chunk_file_url)).rejects.toThrow();
    expect((await harness.get(`chunking/job_status/${id}`)).status).toBe(404);
  });

  it('answers 404 to what is not there, or belongs to another application', async () => {
    const id = await chunk({});
    const file = { chunking_job_id: id, file_name: 'long.txt' };
    const answers = await Promise.all([
      create({}, other),
      create({ extraction_job_id: 'nope' }),
      harness.get(`chunking/job_status/${id}`, other),
      harness.get(`chunking/job_files/${id}`, other),
      harness.post('chunking/chunk_file_url', file, other),
      harness.post('chunking/chunk_file_url', {
        ...file,
        file_name: 'nope.txt',
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(404));
    expect((await harness.get('chunking/list_jobs', other)).json).toEqual([]);
    expect((await harness.get('chunking/list_jobs?limit=1')).json).toEqual([
      {
        chunking_job_id: id,
        extraction_job_id: extractionJobId,
        chunking_strategy: 'recursive',
        status: 'COMPLETED',
        total_file_count: 4,
        completed_files: 4,
        failed_files: 0,
        updated_at: expect.any(String),
      },
    ]);
  });

  it.each([
    [{ chunking_strategy: 'magic' }, 'chunking_strategy'],
    [{ chunking_params: { chunk_size: 5 } }, 'chunking_params.chunk_size'],
    [{ chunking_params: { chunk_size: '500' } }, 'chunking_params.chunk_size'],
    [
      { chunking_params: { chunk_size: 100, chunk_overlap: 100 } },
      'chunking_params.chunk_overlap',
    ],
    [
      { chunking_strategy: 'token', chunking_params: { chunk_overlap: 512 } },
      'chunking_params.chunk_overlap',
    ],
    [{ extraction_job_id: '' }, 'extraction_job_id'],
  ])('answers 422 to %j', async (body, path) => {
    const { status, json } = await create(body);
    expect(status).toBe(422);
    expect(json.issues[0].path).toBe(path);
  });

  it('answers 400, 401 and 403', async () => {
    const url = '/document/chunking/create_job';
    const malformed = await harness.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      payload: '{"x":',
    });
    expect(malformed.status).toBe(400);
    for (const [method, path] of [
      ['POST', 'create_job'],
      ['POST', 'chunk_file_url'],
      ['GET', 'list_jobs'],
      ['GET', 'job_status/x'],
      ['GET', 'job_files/x'],
      ['DELETE', 'x'],
    ] as const) {
      const request = { method, url: `/document/chunking/${path}` };
      const answer = await harness.app.fastify.inject(request);
      expect(answer.statusCode).toBe(401);
      const scope = 'genai/none';
      expect((await harness.send(request, { scope })).status).toBe(403);
    }
  });
});
