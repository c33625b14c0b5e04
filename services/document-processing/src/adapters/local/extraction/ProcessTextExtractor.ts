import {
  DependencyError,
  Logger,
  ObjectStore,
} from '@genai-environments/service-kit';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type {
  ExtractionSource,
  TextExtractor,
} from '../../../ports/TextExtractor';
import { readInProcess } from './readInProcess';
import { Turns } from './Turns';

export type ProcessTextExtractorOptions = {
  objects: ObjectStore;
  /** Bundle of `src/extractionProcess.ts`. */
  entry: string;
  /** For the file that is being read. */
  temporaryDirectory: string;
  logger: Logger;
  /** Longest time for one file; default 10 min. */
  deadlineMs?: number;
  /** Largest heap of one process; default 192 MiB. */
  heapMiB?: number;
};

/** Parses each file in a process of its own, with the parsers of this package. */
export class ProcessTextExtractor implements TextExtractor {
  /** Reading an image keeps a core busy for seconds; others are there to answer. */
  private readonly imageTurns = new Turns();

  constructor(private readonly options: ProcessTextExtractorOptions) {}

  async *extract(
    source: ExtractionSource,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ExtractedPage> {
    const { temporaryDirectory } = this.options;
    const directory = join(temporaryDirectory, randomUUID());
    const path = join(directory, 'file');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    try {
      await this.download(source, { path, signal });
      const { entry, logger, deadlineMs, heapMiB } = this.options;
      yield* readInProcess(
        { path, format: source.format },
        {
          ...{ entry, logger, deadlineMs, heapMiB, signal },
          takeImageTurn: waiting => this.imageTurns.take(waiting),
        },
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private async download(
    source: ExtractionSource,
    { path, signal }: { path: string; signal: AbortSignal },
  ): Promise<void> {
    const stored = await this.options.objects.get(source.key);
    if (!stored) {
      throw new DependencyError('The uploaded file is gone.', {
        kind: 'failed',
        retryable: false,
      });
    }
    await pipeline(stored.body, createWriteStream(path, { mode: 0o600 }), {
      signal,
    });
  }
}
