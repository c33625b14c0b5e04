import { LAYOUT_PAGE, makePdf, PNG, readScan } from '../../testing/fixtures';
import { Harness } from '../../testing/harness';

const other = { clientId: 'app-2' };

describe('extraction routes', () => {
  let harness: Harness;

  beforeEach(async () => {
    harness = await Harness.start();
    harness.startWorkers();
  });
  afterEach(() => harness.close());

  const register = (id: string, name: string, claims?: object) =>
    harness.post(
      'extraction/register_file',
      { extraction_job_id: id, file_name: name },
      claims,
    );

  it('extracts files from upload to result', async () => {
    const created = await harness.get('extraction/create_job');
    const id = created.json.extraction_job_id;
    expect(created).toMatchObject({ status: 200, json: { status: 'CREATED' } });

    const registered = await register(id, 'Jahresbericht Ü 世界.txt');
    expect(registered).toMatchObject({
      status: 200,
      json: {
        extraction_job_id: id,
        file_name: 'Jahresbericht Ü 世界.txt',
        file_id: expect.any(String),
      },
    });
    expect(await harness.upload(registered.json.upload_url, 'Hello')).toBe(200);
    const pdf = await register(id, '../../etc/report.pdf');
    await harness.upload(pdf.json.upload_url, makePdf([LAYOUT_PAGE]));

    expect(
      (await harness.get(`extraction/job_files/${id}`)).json.map(
        (file: { status: string }) => file.status,
      ),
    ).toEqual(['PENDING', 'PENDING']);
    const started = await harness.post('extraction/start_job', {
      extraction_job_id: id,
    });
    expect(started).toMatchObject({
      status: 200,
      json: { extraction_job_id: id, total_files: 2, status: 'STARTED' },
    });
    expect((await harness.ended(`extraction/job_status/${id}`)).json).toEqual({
      job_id: id,
      completed_file_count: 2,
      total_file_count: 2,
      failed_file_count: 0,
      status: 'COMPLETED',
    });

    const results = await harness.get(`extraction/job_results/${id}`);
    const [text, report] = results.json.files;
    expect(await harness.download(text.extracted_text_url)).toEqual({
      job_id: id,
      file_name: 'Jahresbericht Ü 世界.txt',
      pages: [{ page_number: 1, page_text: 'Hello' }],
    });
    expect(text.extracted_tables_url).toBeUndefined();
    expect(await harness.download(report.extracted_tables_url)).toEqual({
      job_id: id,
      file_name: '../../etc/report.pdf',
      pages: [
        {
          page_number: 1,
          tables: [
            [
              ['Region', 'Revenue'],
              ['North', '12.5'],
              ['South', '7'],
            ],
          ],
        },
      ],
    });
    const status = await harness.post('extraction/file_status', {
      extraction_job_id: id,
      file_name: '../../etc/report.pdf',
    });
    expect(status.json).toMatchObject({
      status: 'COMPLETED',
      extraction_job_id: id,
    });
    expect((await harness.download(status.json.result_url)).pages).toHaveLength(
      1,
    );
    expect((await harness.get('extraction/list_jobs')).json).toEqual([
      {
        job_id: id,
        completed_file_count: 2,
        total_file_count: 2,
        failed_file_count: 0,
        status: 'COMPLETED',
        queued_files: 0,
        updated_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  it('lets a bad file fail alone, with its reason', async () => {
    const id = await harness.createJob({
      'good.md': '# Title',
      'empty.txt': '',
      'blank.png': PNG,
      'letter.png': readScan('letter.png'),
      'fake.pdf': PNG,
      'locked.pdf': makePdf([LAYOUT_PAGE], { encrypted: true }),
    });
    await register(id, 'never.txt');
    await harness.post('extraction/start_job', { extraction_job_id: id });
    expect(
      (await harness.ended(`extraction/job_status/${id}`)).json,
    ).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      completed_file_count: 2,
      failed_file_count: 5,
    });
    const { json: files } = await harness.get(`extraction/job_files/${id}`);
    const reasons = Object.fromEntries(
      files.map((file: any) => [file.file_name, file.reason]),
    );
    expect(reasons).toEqual({
      'good.md': undefined,
      'letter.png': undefined,
      'empty.txt': expect.stringContaining('empty'),
      'blank.png': expect.stringContaining('no text'),
      'fake.pdf': expect.stringContaining('its content is a PNG image'),
      'locked.pdf': expect.stringContaining('password'),
      'never.txt': expect.stringContaining('nothing was uploaded'),
    });
    expect(
      (
        await harness.post('extraction/file_status', {
          extraction_job_id: id,
          file_name: 'empty.txt',
        })
      ).json,
    ).toMatchObject({ status: 'FAILED', result_url: null });
  });

  it('answers 400 when there is nothing to start, and 409 once it was', async () => {
    const { json } = await harness.get('extraction/create_job');
    const start = (id: string) =>
      harness.post('extraction/start_job', { extraction_job_id: id });
    const { extraction_job_id: id } = json;
    expect(await start(id)).toMatchObject({
      status: 400,
      json: { code: 'no_files' },
    });
    const registered = await register(id, 'a.txt');
    expect(await start(id)).toMatchObject({
      status: 400,
      json: { code: 'nothing_uploaded' },
    });
    expect((await harness.get(`extraction/job_status/${id}`)).json.status).toBe(
      'CREATED',
    );
    await harness.upload(registered.json.upload_url, 'x');
    expect((await start(id)).status).toBe(200);
    await harness.ended(`extraction/job_status/${id}`);
    expect(await start(id)).toMatchObject({
      status: 409,
      json: { code: 'job_ended' },
    });
    expect(await register(id, 'b.txt')).toMatchObject({
      status: 409,
      json: { code: 'job_started' },
    });
  });

  it('refuses names that are taken or of no known type', async () => {
    const id = await harness.createJob({ 'a.txt': 'x' });
    expect(await register(id, 'a.txt')).toMatchObject({
      status: 409,
      json: { code: 'duplicate_file_name' },
    });
    expect(await register(id, 'virus.exe')).toMatchObject({
      status: 400,
      json: { code: 'unsupported_file_type' },
    });
    expect((await harness.get(`extraction/job_files/${id}`)).json).toHaveLength(
      1,
    );
  });

  it('deletes a job with everything that is stored for it', async () => {
    const id = await harness.extract({ 'a.txt': 'secret' });
    const { json } = await harness.get(`extraction/job_results/${id}`);
    expect(await harness.delete(`extraction/${id}`, other)).toMatchObject({
      status: 404,
    });
    expect(await harness.delete(`extraction/${id}`)).toMatchObject({
      status: 200,
      json: { deleted: true },
    });
    expect((await harness.get(`extraction/job_status/${id}`)).status).toBe(404);
    expect((await harness.delete(`extraction/${id}`)).status).toBe(404);
    await expect(
      harness.download(json.files[0].extracted_text_url),
    ).rejects.toThrow('nothing at this address');
  });

  it("never shows or touches another application's jobs", async () => {
    const id = await harness.createJob({ 'a.txt': 'x' });
    const file = { extraction_job_id: id, file_name: 'a.txt' };
    const answers = await Promise.all([
      harness.get(`extraction/job_status/${id}`, other),
      harness.get(`extraction/job_files/${id}`, other),
      harness.get(`extraction/job_results/${id}`, other),
      harness.post('extraction/file_status', file, other),
      harness.post('extraction/start_job', file, other),
      register(id, 'b.txt', other),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(404));
    expect((await harness.get('extraction/list_jobs', other)).json).toEqual([]);
    expect(
      (await harness.get(`extraction/job_status/${id}`)).json,
    ).toMatchObject({ status: 'CREATED', total_file_count: 1 });
  });

  it.each([
    ['register_file', { extraction_job_id: 'x' }, 'file_name'],
    [
      'register_file',
      { extraction_job_id: '', file_name: 'a.txt' },
      'extraction_job_id',
    ],
    [
      'register_file',
      { extraction_job_id: 'x', file_name: 'a\u0000.txt' },
      'file_name',
    ],
    [
      'register_file',
      { extraction_job_id: 'x', file_name: 'x'.repeat(256) },
      'file_name',
    ],
    ['start_job', {}, 'extraction_job_id'],
    ['file_status', { file_name: 'a.txt' }, 'extraction_job_id'],
  ])('answers 422 to %s %j', async (route, payload, path) => {
    const { status, json } = await harness.post(`extraction/${route}`, payload);
    expect(status).toBe(422);
    expect(json.issues[0].path).toBe(path);
  });

  it('answers 401 and 403 on every route, before anything else', async () => {
    harness.auth.directory.put({
      clientId: 'app-1',
      enabled: true,
      scopes: ['genai/prompt.read', 'genai/document.write'],
    });
    const routes: Array<['GET' | 'POST' | 'DELETE', string]> = [
      ['GET', 'create_job'],
      ['GET', 'list_jobs'],
      ['GET', 'job_status/x'],
      ['GET', 'job_files/x'],
      ['GET', 'job_results/x'],
      ['POST', 'register_file'],
      ['POST', 'start_job'],
      ['POST', 'file_status'],
      ['DELETE', 'x'],
    ];
    for (const [method, path] of routes) {
      const url = `/document/extraction/${path}`;
      const refused = await harness.send(
        { method, url },
        { scope: 'genai/prompt.read' },
      );
      expect(refused.status).toBe(403);
      expect(refused.headers['content-type']).toContain(
        'application/problem+json',
      );
      const unknown = await harness.app.fastify.inject({ method, url });
      expect(unknown.statusCode).toBe(401);
    }
    const allowed = await harness.get('extraction/list_jobs', {
      scope: 'genai/document.write',
    });
    expect(allowed.status).toBe(200);
  });

  it('pages when asked to, the newest first', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      const { json } = await harness.get('extraction/create_job');
      ids.unshift(json.extraction_job_id);
    }
    const first = await harness.get('extraction/list_jobs?limit=2');
    const second = await harness.get(
      `extraction/list_jobs?limit=2&cursor=${first.headers['x-next-cursor']}`,
    );
    expect([...first.json, ...second.json].map(({ job_id }) => job_id)).toEqual(
      ids,
    );
    expect(second.headers['x-next-cursor']).toBeUndefined();
    expect(await harness.get('extraction/list_jobs?cursor=%00')).toMatchObject({
      status: 400,
    });
    expect((await harness.get('extraction/list_jobs?limit=0')).status).toBe(
      422,
    );
  });

  it('is up, and says so', async () => {
    expect(await harness.get('service/health')).toMatchObject({
      status: 200,
      json: { status: 'UP' },
    });
  });
});
