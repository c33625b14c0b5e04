import {
  App,
  buildApp,
  Clock,
  createLogger,
  InvalidInputError,
} from '@genai-environments/service-kit';
import {
  createTestAuth,
  TestAuth,
} from '@genai-environments/service-kit/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVectorization, Vectorization } from '../createVectorization';
import type { AdapterOptions } from '../openAdapters';
import type { AnswerModel } from '../ports/AnswerModel';
import type {
  ChunkedJob,
  ChunkSource,
  SourceChunk,
} from '../ports/ChunkSource';
import type { Embedder } from '../ports/Embedder';

export type Claims = Parameters<TestAuth['bearer']>[0];

const WORDS = [
  'river',
  'bridge',
  'tax',
  'invoice',
  'cat',
  'dog',
  'sun',
  'rain',
];

/** Counts words: texts about the same things have vectors that point the same way. */
export class WordEmbedder implements Embedder {
  readonly calls: string[][] = [];
  model = 'words';
  dimension = WORDS.length + 1;
  /** Rejects a call with what it returns. */
  fail: (inputs: string[]) => Error | undefined = () => undefined;

  defaultModel() {
    return this.model;
  }

  async embed(
    _clientId: string,
    { model = this.model, inputs }: { model?: string; inputs: string[] },
  ) {
    this.calls.push(inputs);
    const error = this.fail(inputs);
    if (error) throw error;
    if (inputs.some(text => text.trim() === '')) {
      throw new InvalidInputError('A blank text has no embedding.');
    }
    const vectors = inputs.map(text =>
      Array.from({ length: this.dimension }, (_, index) =>
        index < WORDS.length
          ? text.toLowerCase().split(WORDS[index]).length - 1
          : 0.1,
      ),
    );
    return { model, vectors, inputTokens: inputs.length };
  }
}

/** Chunks in memory, by application and job. */
export class MemoryChunks implements ChunkSource {
  readonly jobs = new Map<
    string,
    { status: ChunkedJob['status']; files: Map<string, SourceChunk[] | null> }
  >();

  /** `null` stands for a file that was not chunked. */
  put(
    jobId: string,
    files: Record<string, SourceChunk[] | null>,
    more: { clientId?: string; status?: ChunkedJob['status'] } = {},
  ): void {
    this.jobs.set(`${more.clientId ?? 'app-1'}/${jobId}`, {
      status: more.status ?? 'completed',
      files: new Map(Object.entries(files)),
    });
  }

  async findJob(clientId: string, jobId: string) {
    const job = this.jobs.get(`${clientId}/${jobId}`);
    return (
      job && {
        status: job.status,
        files: [...job.files].map(([fileName, chunks]) => ({
          fileName,
          status: chunks ? ('completed' as const) : ('failed' as const),
          chunkCount: chunks?.length ?? 0,
        })),
      }
    );
  }

  async *readChunks(
    clientId: string,
    which: { chunkingJobId: string; fileName: string },
  ) {
    const job = this.jobs.get(`${clientId}/${which.chunkingJobId}`);
    yield* job?.files.get(which.fileName) ?? [];
  }
}

/** The service with its real adapters, between chunks and models in memory. */
export type Harness = {
  app: App;
  auth: TestAuth;
  vectorization: Vectorization;
  chunks: MemoryChunks;
  embedder: WordEmbedder;
  dataDirectory: string;
  call(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    options?: { payload?: object; claims?: Claims },
  ): Promise<{ status: number; json: any; headers: any; body: string }>;
  /** Makes a store and an index in it. */
  createIndex(claims?: Claims): Promise<{ storeId: string; indexId: string }>;
  /** Vectorizes and waits for the end; answers the job. */
  vectorize(payload: object, claims?: Claims): Promise<any>;
  /** Closes and starts again on the same data directory. */
  restart(more?: { work?: boolean }): Promise<void>;
  close(): Promise<void>;
};

export async function startHarness(
  options: Omit<AdapterOptions, 'dataDirectory'> & {
    answerModel?: AnswerModel;
    clock?: Clock;
    /** Whether the workers run; default yes. */
    work?: boolean;
  } = {},
): Promise<Harness> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'vectorization-'));
  const auth = await createTestAuth();
  const chunks = new MemoryChunks();
  const embedder = new WordEmbedder();
  const logger = createLogger({ level: 'silent' });

  const harness = {
    auth,
    chunks,
    embedder,
    dataDirectory,
    async call(method, url, { payload, claims } = {}) {
      const answer = await harness.app.fastify.inject({
        method,
        url,
        headers: await auth.bearer(claims),
        ...(payload ? { payload } : {}),
      });
      const { statusCode: status, body, headers } = answer;
      const json = /json/.test(String(headers['content-type']))
        ? answer.json()
        : undefined;
      return { status, json, headers, body };
    },
    async createIndex(claims) {
      const post = async (url: string, payload: object) =>
        (await harness.call('POST', url, { payload, claims })).json;
      const { store_id: storeId } = await post('/vector/store/create', {
        store_name: 's',
        store_type: 'local',
      });
      const { index_id: indexId } = await post('/vector/store/index/create', {
        store_id: storeId,
        index_name: 'i',
      });
      return { storeId, indexId };
    },
    async vectorize(payload, claims) {
      const started = await harness.call('POST', '/vector/store/vectorize', {
        payload,
        claims,
      });
      const url = `/vector/job/status/${started.json.vectorize_job_id}`;
      for (;;) {
        const { json } = await harness.call('GET', url, { claims });
        if (!['STARTED', 'IN_PROGRESS'].includes(json.status)) return json;
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    },
    async restart(more) {
      await harness.app.close();
      await start(more);
    },
    async close() {
      await harness.app.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  } as Harness;

  async function start(changes: { work?: boolean } = {}) {
    const { work = true, ...more } = { ...options, ...changes };
    harness.vectorization = createVectorization({
      dataDirectory,
      chunks,
      embedder,
      logger,
      ...more,
    });
    const { service, workers } = harness.vectorization;
    harness.app = await buildApp({
      services: [service],
      auth,
      logger,
      info: { title: 'Test', version: '1' },
      checkAnswers: true,
      drainTimeoutMs: 500,
    });
    await service.start!();
    if (work) workers.forEach(worker => worker.start());
  }

  await start();
  return harness;
}
