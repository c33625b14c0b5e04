import {
  Clock,
  ConflictError,
  countAttempt,
  type Delivery,
  DependencyError,
  DomainError,
  isFinal,
} from '@genai-environments/service-kit';
import type { ChunkSource, SourceChunk } from '../ports/ChunkSource';
import type { Embedder } from '../ports/Embedder';
import type { VectorizeJobRepository } from '../ports/VectorizeJobRepository';
import type { VectorStoreRepository } from '../ports/VectorStoreRepository';
import { BatchProgress } from './BatchProgress';
import { chunkIdOf } from './chunkId';
import { inBatches } from './inBatches';
import { mapConcurrently } from './mapConcurrently';
import type { JobFile, VectorizeJob, VectorizeMessage } from './VectorizeJob';
import type { VectorIndexes } from './VectorIndexes';
import type { IndexEmbedding, VectorIndexRecord } from './VectorStore';

/** Chunks that are embedded by one call and stored by one write. */
const BATCH_SIZE = 32;

/** Calls of the model at the same time, per file. */
const CONCURRENT_BATCHES = 3;

type Task = {
  job: VectorizeJob;
  file: JobFile;
  index: VectorIndexRecord;
  /** Chunks before it are in the index. */
  progress: number;
};
type PlacedChunk = SourceChunk & { position: number };

/**
 * Does the work of one message: embeds the chunks of one file and puts them into the index.
 * Doing it again, or twice at the same time, changes nothing but the time it takes; it goes
 * on behind what was stored before.
 */
export class FileVectorizer {
  constructor(
    private readonly options: {
      jobs: VectorizeJobRepository;
      stores: VectorStoreRepository;
      indexes: VectorIndexes;
      chunks: ChunkSource;
      embedder: Embedder;
      clock: Clock;
    },
  ) {}

  /** Rejects only with what may go away by itself. */
  async handle(
    { jobId, fileNo }: VectorizeMessage,
    { signal, deliveries }: Delivery,
  ): Promise<void> {
    const { jobs, stores, clock } = this.options;
    const begun = await jobs.beginFile(jobId, fileNo, clock.now());
    if (!begun || isSettled(begun.file)) return;
    const { job } = begun;
    const index = await stores.findIndex(job.clientId, job.indexId);
    // Removing an index removes its jobs: nobody waits for this one any more.
    if (!index) return;
    try {
      const chunkCount = await countAttempt(
        () => this.vectorize({ ...begun, index }, signal),
        {
          ...{ signal, deliveries },
          countFailure: () => jobs.countFailure(jobId, fileNo),
        },
      );
      const outcome = { status: 'COMPLETED', chunkCount } as const;
      await jobs.settleFile(jobId, fileNo, outcome, clock.now());
    } catch (error) {
      // With all else the queue brings the message again.
      if (!(error instanceof DomainError && isFinal(error))) throw error;
      await this.giveUp({ jobId, fileNo }, error.message);
    }
  }

  /** Records why a file is given up. */
  async giveUp(
    { jobId, fileNo }: VectorizeMessage,
    reason: string,
  ): Promise<void> {
    const { jobs, clock } = this.options;
    const outcome = { status: 'FAILED', reason } as const;
    await jobs.settleFile(jobId, fileNo, outcome, clock.now());
  }

  private async vectorize(task: Task, signal: AbortSignal): Promise<number> {
    const { indexes, chunks, jobs } = this.options;
    const vectors = indexes.of(task.index.storeType);
    const { clientId, indexId, chunkingJobId } = task.job;
    const document = { chunkingJobId, fileName: task.file.fileName };

    let length = 0;
    let stored = 0;
    async function* place(): AsyncGenerator<PlacedChunk> {
      for await (const chunk of chunks.readChunks(clientId, document)) {
        const position = length++;
        // Models refuse blank texts, and nobody would find them.
        if (chunk.text.trim() === '') continue;
        stored++;
        if (position >= task.progress) yield { ...chunk, position };
      }
    }
    const progress = new BatchProgress(position =>
      jobs.noteProgress(task.job.id, task.file.no, position),
    );
    await mapConcurrently(
      inBatches(place(), BATCH_SIZE),
      CONCURRENT_BATCHES,
      async batch => {
        const done = progress.begin(batch.at(-1)!.position + 1);
        signal.throwIfAborted();
        await this.store(task, batch, signal);
        await done();
      },
    );
    await vectors.trim(indexId, { document, length });
    return stored;
  }

  private async store(
    task: Task,
    batch: PlacedChunk[],
    signal: AbortSignal,
  ): Promise<void> {
    const { embedder, indexes } = this.options;
    const { job, file, index } = task;
    const { model, vectors: embedded } = await embedder.embed(
      job.clientId,
      {
        model: index.embedding?.model,
        inputs: batch.map(({ text }) => text),
      },
      { signal },
    );
    const dimension = checkDimensions(embedded, { model, batch });
    await this.fixEmbedding(index, { model, dimension });

    const { indexId, chunkingJobId, metadata } = job;
    const { fileName } = file;
    await indexes.of(index.storeType).upsert(indexId, {
      document: { chunkingJobId, fileName },
      metadata,
      chunks: batch.map((chunk, at) => ({
        ...chunk,
        chunkId: chunkIdOf({ ...job, fileName, position: chunk.position }),
        vector: Float32Array.from(embedded[at]),
      })),
    });
  }

  /** The first embeddings decide; the index then stays with their model. */
  private async fixEmbedding(
    index: VectorIndexRecord,
    used: IndexEmbedding,
  ): Promise<void> {
    const { stores } = this.options;
    const fixed =
      index.embedding ?? (await stores.fixEmbedding(index.id, used)) ?? used;
    index.embedding = fixed;
    if (fixed.model === used.model && fixed.dimension === used.dimension) {
      return;
    }
    throw new ConflictError(
      `The index holds vectors of ${fixed.dimension} dimensions by the model "${fixed.model}"; "${used.model}" made ones of ${used.dimension}. Make another index for that model.`,
      { code: 'embedding_mismatch' },
    );
  }
}

function isSettled({ status }: JobFile): boolean {
  return status === 'COMPLETED' || status === 'FAILED';
}

function checkDimensions(
  embedded: number[][],
  call: { model: string; batch: PlacedChunk[] },
): number {
  const dimension = embedded[0]?.length ?? 0;
  const right =
    embedded.length === call.batch.length &&
    dimension > 0 &&
    embedded.every(vector => vector.length === dimension);
  if (right) return dimension;
  throw new DependencyError(
    `The model "${call.model}" did not answer one vector per text, all of the same length. Choose another embedding model.`,
    { kind: 'failed', retryable: false, code: 'invalid_embeddings' },
  );
}
