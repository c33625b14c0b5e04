import { createLogger, FileObjectStore } from '@genai-environments/service-kit';
import type { TextractClient } from '@aws-sdk/client-textract';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type { Format } from '../../../domain/Format';
import report from '../fixtures/constructed-report.json';
import { TextractServer } from './testing/TextractServer';
import { TextractExtractor } from './TextractExtractor';

const HEADERS: Partial<Record<Format, string>> = {
  pdf: '255044462d312e37',
  png: '89504e470d0a1a0a',
  jpeg: 'ffd8ffe0',
  tiff: '49492a00',
};

const IN_PROGRESS = { JobStatus: 'IN_PROGRESS' };

describe('TextractExtractor', () => {
  let directory: string;
  let objects: FileObjectStore;
  let server: TextractServer;
  let client: TextractClient;
  let log: string[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'textract-'));
    objects = new FileObjectStore({
      directory,
      baseUrl: () => 'http://objects.test',
      signingKey: randomBytes(32),
    });
    server = new TextractServer();
    server.answers = {
      StartDocumentAnalysis: [{ JobId: 'job-1' }],
      GetDocumentAnalysis: [IN_PROGRESS, IN_PROGRESS, ...report],
    };
    client = await server.start();
    log = [];
  });
  afterEach(async () => {
    client.destroy();
    await server.close();
    rmSync(directory, { recursive: true });
  });

  function create(pace: { deadlineMs?: number; firstMs?: number } = {}) {
    return new TextractExtractor({
      client,
      bucket: 'uploads',
      objects,
      local: {
        async *extract({ fileName }) {
          yield { pageNumber: 1, text: `local ${fileName}`, tables: [] };
        },
      },
      logger: createLogger({ destination: { write: line => log.push(line) } }),
      pace: { firstMs: 1, longestMs: 5, deadlineMs: 5000, ...pace },
    });
  }
  async function read(
    format: Format = 'pdf',
    options: { signal?: AbortSignal; content?: Buffer; pace?: object } = {},
  ): Promise<ExtractedPage[]> {
    const { signal = new AbortController().signal, pace } = options;
    const content =
      options.content ?? Buffer.from(HEADERS[format] ?? '78', 'hex');
    await objects.put('a/file', content, { contentType: 'x/y' });
    const pages: ExtractedPage[] = [];
    const source = { key: 'a/file', fileName: `f.${format}`, format };
    for await (const page of create(pace).extract(source, { signal })) {
      pages.push(page);
    }
    return pages;
  }
  const failure = (...args: Parameters<typeof read>) =>
    read(...args).then(
      () => undefined,
      error => error,
    );

  it('writes layout and tables as the local parsers do', async () => {
    const [first, second, third] = await read();
    expect(first).toEqual({
      pageNumber: 1,
      text: [
        'Harbour Authority',
        '# Annual report of the harbour',
        'Ships came and went.\nMore than in any year before.',
        '## Goods',
        '- Timber, of which\nmost was pine\n1. Salt\n- Wool',
        '1',
      ].join('\n\n'),
      tables: [],
    });
    expect(second).toEqual({
      pageNumber: 2,
      text: [
        '## Ships by month',
        [
          '| Month | Ships | Checked |',
          '| --- | --- | --- |',
          '| January | 1 204 | [x] |',
          '| May \\| June |  | [ ] |',
        ].join('\n'),
        'Signed by: A. Smith\nOn: 3 May',
        'Fig. 1: the pier',
        'Confidential',
        'Written in the margin',
      ].join('\n\n'),
      tables: [
        [
          ['Month', 'Ships', 'Checked'],
          ['January', '1 204', '[x]'],
          ['May | June', '', '[ ]'],
        ],
      ],
    });
    expect(third).toEqual({ pageNumber: 3, text: '', tables: [] });
  });

  it('asks for layout and tables of the uploaded object, and for all parts', async () => {
    await read();
    const [order] = server.requestsOf('StartDocumentAnalysis');
    expect(order).toEqual({
      DocumentLocation: { S3Object: { Bucket: 'uploads', Name: 'a/file' } },
      FeatureTypes: ['LAYOUT', 'TABLES'],
      ClientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const reads = server.requestsOf('GetDocumentAnalysis');
    expect(reads.map(({ NextToken }) => NextToken)).toEqual([
      ...[undefined, undefined, undefined],
      ...['token-1', 'token-2'],
    ]);
    expect(reads[0]).toMatchObject({ JobId: 'job-1', MaxResults: 1000 });
  });

  it('orders the same analysis when a file comes again', async () => {
    await read();
    server.answers.GetDocumentAnalysis = [...report];
    await read();
    const [first, second] = server.requestsOf('StartDocumentAnalysis');
    expect(second.ClientRequestToken).toBe(first.ClientRequestToken);
  });

  it('gives a page away before it asks for what comes after it', async () => {
    const upload = Buffer.from(HEADERS.pdf!, 'hex');
    await objects.put('a/file', upload, { contentType: 'x/y' });
    const source = { key: 'a/file', fileName: 'f.pdf', format: 'pdf' as const };
    const { signal } = new AbortController();
    const pages = create().extract(source, { signal });
    const { value } = await pages.next();
    expect(value?.pageNumber).toBe(1);
    const reads = server.requestsOf('GetDocumentAnalysis');
    expect(reads.at(-1).NextToken).toBe('token-1');
    await pages.return(undefined);
  });

  it.each(['png', 'jpeg', 'tiff'] as const)('reads %s', async format => {
    expect(await read(format)).toHaveLength(3);
  });

  it.each(['docx', 'txt', 'csv'] as const)(
    'leaves %s to the local parsers',
    async format => {
      expect(await read(format)).toMatchObject([{ text: `local f.${format}` }]);
      expect(server.requests).toEqual([]);
    },
  );

  it('refuses what is not what its name says, before it costs anything', async () => {
    const content = Buffer.from(HEADERS.png!, 'hex');
    expect(await failure('pdf', { content })).toMatchObject({
      name: 'FileRejectedError',
      code: 'file_mislabelled',
      message: expect.stringContaining('a PNG image'),
    });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['UnsupportedDocumentException', 'FileRejectedError', 'file_damaged'],
    ['BadDocumentException', 'FileRejectedError', 'file_damaged'],
    ['DocumentTooLargeException', 'FileRejectedError', 'file_too_large'],
    ['InvalidS3ObjectException', 'DependencyError', 'textract_no_access'],
    ['AccessDeniedException', 'DependencyError', 'dependency_failed'],
  ])('explains %s', async (exception, name, code) => {
    server.answers.StartDocumentAnalysis = [exception];
    expect(await failure()).toMatchObject({ name, code, retryable: false });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'LimitExceededException',
  ])('waits when there is too much to do: %s', async exception => {
    server.answers.StartDocumentAnalysis.unshift(exception, exception);
    server.answers.GetDocumentAnalysis.splice(3, 0, exception);
    expect(await read()).toHaveLength(3);
    expect(server.requestsOf('StartDocumentAnalysis')).toHaveLength(3);
  });

  it('gives up waiting, for a retry later', async () => {
    server.answers.StartDocumentAnalysis = ['ThrottlingException'];
    expect(await failure('pdf', { pace: { deadlineMs: 20 } })).toMatchObject({
      name: 'DependencyError',
      code: 'textract_busy',
      retryable: true,
    });
    server.answers = {
      StartDocumentAnalysis: [{ JobId: 'job-1' }],
      GetDocumentAnalysis: [IN_PROGRESS],
    };
    expect(await failure('pdf', { pace: { deadlineMs: 20 } })).toMatchObject({
      name: 'DependencyError',
      code: 'textract_timeout',
      retryable: true,
    });
  });

  it('rejects a file on which Textract fails, and logs what it said', async () => {
    server.answers.GetDocumentAnalysis = [
      { JobStatus: 'FAILED', StatusMessage: 'INVALID_IMAGE' },
    ];
    expect(await failure()).toMatchObject({
      name: 'FileRejectedError',
      code: 'file_damaged',
    });
    expect(server.requestsOf('StartDocumentAnalysis')).toHaveLength(1);
    expect(JSON.parse(log[0])).toMatchObject({ cause: 'INVALID_IMAGE' });
  });

  it('orders another analysis once when Textract stumbled', async () => {
    server.answers.GetDocumentAnalysis = [
      { JobStatus: 'FAILED', StatusMessage: 'Internal server error' },
      ...report,
    ];
    expect(await read()).toHaveLength(3);
    const [first, second] = server.requestsOf('StartDocumentAnalysis');
    expect(second.ClientRequestToken).not.toBe(first.ClientRequestToken);
  });

  it('warns of pages that Textract gave up, and keeps the others', async () => {
    const [start, ...rest] = structuredClone(report) as any[];
    const last = rest.at(-1);
    last.Blocks = last.Blocks.filter(({ Page }: any) => Page !== 3);
    server.answers.GetDocumentAnalysis = [
      {
        ...start,
        JobStatus: 'PARTIAL_SUCCESS',
        Warnings: [{ ErrorCode: 'UNREADABLE_PAGE', Pages: [3] }],
      },
      ...rest,
    ];
    const pages = await read();
    expect(pages.map(({ warning }) => warning)).toEqual([
      undefined,
      undefined,
      'Amazon Textract could not read page 3, or only parts of it.',
    ]);
  });

  it('says when there is no text', async () => {
    const blocks = [{ BlockType: 'PAGE', Id: 'p', Page: 1 }];
    server.answers.GetDocumentAnalysis = [
      { ...report[0], Blocks: blocks, NextToken: undefined },
    ];
    expect(await failure()).toMatchObject({
      name: 'FileRejectedError',
      code: 'file_without_text',
    });
  });

  it('stops waiting when it is told to', async () => {
    server.answers.GetDocumentAnalysis = [IN_PROGRESS];
    const controller = new AbortController();
    const reading = failure('pdf', {
      signal: controller.signal,
      pace: { firstMs: 60_000 },
    });
    while (server.requests.length === 0) {
      await new Promise(resolve => setImmediate(resolve));
    }
    const reason = new Error('The worker stops');
    controller.abort(reason);
    expect(await reading).toBe(reason);
  });
});
