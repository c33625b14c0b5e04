import {
  App,
  buildApp,
  createLogger,
  FileObjectStore,
  objectRoutes,
} from '@genai-environments/service-kit';
import {
  createTestAuth,
  TestAuth,
} from '@genai-environments/service-kit/testing';
import type { InjectOptions } from 'fastify';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  createDocumentProcessing,
  DocumentProcessing,
  DocumentProcessingOptions,
} from '../createDocumentProcessing';
import { buildExtractionProcess } from './buildExtractionProcess';

type Claims = Parameters<TestAuth['bearer']>[0];

/** What a route answered. */
export type Answer = {
  status: number;
  json: any;
  body: string;
  headers: Record<string, unknown>;
};

const ORIGIN = 'http://objects.test';

/** The service with its real adapters and workers. */
export class Harness {
  app!: App;
  documents!: DocumentProcessing;
  objects!: FileObjectStore;
  readonly dataDirectory = mkdtempSync(join(tmpdir(), 'documents-'));
  private readonly signingKey = randomBytes(32);

  private constructor(
    readonly auth: TestAuth,
    private readonly options: Partial<DocumentProcessingOptions>,
  ) {}

  static async start(
    options: Partial<DocumentProcessingOptions> = {},
  ): Promise<Harness> {
    const harness = new Harness(await createTestAuth(), options);
    await harness.open();
    return harness;
  }

  /** On the same data directory; workers stand still until they are started. */
  async open(): Promise<void> {
    const logger = createLogger({ level: 'silent' });
    this.objects = new FileObjectStore({
      directory: join(this.dataDirectory, 'objects'),
      baseUrl: () => ORIGIN,
      signingKey: this.signingKey,
    });
    this.documents = createDocumentProcessing({
      dataDirectory: this.dataDirectory,
      objects: this.objects,
      extractionEntry: buildExtractionProcess(),
      logger,
      ...this.options,
    });
    this.app = await buildApp({
      services: [this.documents.service],
      routes: objectRoutes(this.objects),
      auth: this.auth,
      logger,
      info: { title: 'Test', version: '1' },
      checkAnswers: true,
      drainTimeoutMs: 500,
    });
    await this.documents.service.start!();
  }

  startWorkers(): void {
    for (const worker of this.documents.workers) worker.start();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.open();
  }

  async send(options: InjectOptions, claims?: Claims): Promise<Answer> {
    const bearer = await this.auth.bearer(claims);
    const answer = await this.app.fastify.inject({
      ...options,
      headers: { ...bearer, ...options.headers },
    });
    const { statusCode: status, body, headers } = answer;
    const isJson = /json/.test(String(headers['content-type']));
    return { status, body, headers, json: isJson ? answer.json() : undefined };
  }

  get = (path: string, claims?: Claims) =>
    this.send({ url: `/document/${path}` }, claims);

  post = (path: string, payload: object, claims?: Claims) =>
    this.send({ method: 'POST', url: `/document/${path}`, payload }, claims);

  delete = (path: string, claims?: Claims) =>
    this.send({ method: 'DELETE', url: `/document/${path}` }, claims);

  /** As somebody without a token. */
  async download(url: string): Promise<any> {
    const answer = await this.app.fastify.inject(url.slice(ORIGIN.length));
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return answer.json();
  }

  async upload(url: string, content: string | Buffer): Promise<number> {
    const answer = await this.app.fastify.inject({
      method: 'PUT',
      url: url.slice(ORIGIN.length),
      payload: content,
    });
    return answer.statusCode;
  }

  /** Creates a job with uploaded files, not started. */
  async createJob(files: Record<string, string | Buffer>): Promise<string> {
    const created = await this.get('extraction/create_job');
    const id = created.json.extraction_job_id;
    for (const [name, content] of Object.entries(files)) {
      const { json } = await this.post('extraction/register_file', {
        extraction_job_id: id,
        file_name: name,
      });
      await this.upload(json.upload_url, content);
    }
    return id;
  }

  /** Creates a job and runs it to its end. */
  async extract(files: Record<string, string | Buffer>): Promise<string> {
    const id = await this.createJob(files);
    await this.post('extraction/start_job', { extraction_job_id: id });
    await this.ended(`extraction/job_status/${id}`);
    return id;
  }

  /** Asks until the work has ended. */
  async ended(path: string): Promise<Answer> {
    for (;;) {
      const answer = await this.get(path);
      const { status } = answer.json;
      if (/^(COMPLETED|FAILED)/.test(status) || answer.status !== 200) {
        return answer;
      }
      await wait(10);
    }
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.dataDirectory, { recursive: true, force: true });
  }

  private async stop(): Promise<void> {
    for (const worker of this.documents.workers) {
      await worker.close({ drainMs: 1000 });
    }
    await this.app.close();
  }
}

/** A form as browsers send it. */
export function makeForm(
  fields: Record<string, string>,
  files: Record<string, string | Buffer>,
): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'boundary-of-a-test';
  const parts: Array<string | Buffer> = [];
  for (const [name, value] of Object.entries(fields)) {
    parts.push(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
  }
  for (const [name, content] of Object.entries(files)) {
    parts.push(
      `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
      content,
      '\r\n',
    );
  }
  parts.push(`--${boundary}--\r\n`);
  return {
    payload: Buffer.concat(parts.map(part => Buffer.from(part))),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}
