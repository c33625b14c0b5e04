import { join } from 'node:path';
import {
  createDocumentProcessing,
  type DocumentProcessing,
  type Vectorizer,
} from '@genai-environments/document-processing';
import {
  BedrockModelProvider,
  createModelInvocation,
  type ModelInvocation,
} from '@genai-environments/model-invocation';
import {
  createPromptManagement,
  type PromptManagement,
} from '@genai-environments/prompt-management';
import {
  FileObjectStore,
  type Logger,
  type Telemetry,
} from '@genai-environments/service-kit';
import {
  createVectorization,
  type Vectorization,
} from '@genai-environments/vectorization';
import type { RuntimeConfig } from '../config';
import { ENTRIES } from './entries';

/**
 * The services of an environment, each built when it is first asked for: a process builds
 * what it hosts, what its workers work for, and what those need of others.
 */
export class Parts {
  /** Uploads and artefacts of all services. */
  readonly objects: FileObjectStore;
  private readonly built = new Map<string, { close(): Promise<void> }>();

  constructor(
    private readonly options: {
      config: RuntimeConfig;
      logger: Logger;
      telemetry?: Telemetry;
      objectSigningKey: Uint8Array;
    },
  ) {
    const { config, objectSigningKey } = options;
    this.objects = new FileObjectStore({
      directory: join(config.dataDirectory, 'objects'),
      baseUrl: () => config.publicUrl,
      signingKey: objectSigningKey,
    });
  }

  modelInvocation(): ModelInvocation {
    const { config, logger, telemetry } = this.options;
    return this.once('model-invocation', () =>
      createModelInvocation({
        dataDirectory: config.dataDirectory,
        models: config.models,
        upstreams: config.upstreams,
        providers: this.createBedrock(),
        prompts: {
          render: (clientId, prompt) =>
            this.promptManagement().prompts.render(clientId, prompt),
        },
        useEnvironmentProxy: config.useEnvironmentProxy,
        telemetry,
        logger,
      }),
    );
  }

  promptManagement(): PromptManagement {
    const { dataDirectory } = this.options.config;
    return this.once('prompt-management', () =>
      createPromptManagement({ dataDirectory }),
    );
  }

  documentProcessing(): DocumentProcessing {
    const { config, logger } = this.options;
    return this.once('document-processing', () =>
      createDocumentProcessing({
        dataDirectory: config.dataDirectory,
        objects: this.objects,
        extractionEntry: ENTRIES.extraction,
        vectorizer: this.hasVectors ? this.vectorizer : undefined,
        logger,
      }),
    );
  }

  vectorization(): Vectorization {
    const { config, logger } = this.options;
    return this.once('vectorization', () => {
      const { embedder, generator } = this.modelInvocation();
      return createVectorization({
        dataDirectory: config.dataDirectory,
        chunks: this.documentProcessing().chunks,
        embedder,
        answerModel: generator,
        indexThread: ENTRIES.vectorIndex,
        logger,
      });
    });
  }

  /** Closes what was built, the last first: it may need what came before. */
  async close(): Promise<void> {
    for (const part of [...this.built.values()].reverse()) await part.close();
    this.built.clear();
  }

  private get hasVectors(): boolean {
    const { services, workers } = this.options.config;
    return (
      services.includes('vectorization') || workers.includes('vectorization')
    );
  }

  /** Documents and vectors need each other; this end waits for the first call. */
  private readonly vectorizer: Vectorizer = {
    assertIndex: (...args) =>
      this.vectorization().vectorizer.assertIndex(...args),
    startJob: (...args) => this.vectorization().vectorizer.startJob(...args),
    findJob: (...args) => this.vectorization().vectorizer.findJob(...args),
  };

  private createBedrock(): BedrockModelProvider[] {
    const { config, logger } = this.options;
    const { bedrock, useEnvironmentProxy } = config;
    return bedrock
      ? [
          new BedrockModelProvider({
            config: bedrock,
            logger,
            useEnvironmentProxy,
          }),
        ]
      : [];
  }

  private once<T extends { close(): Promise<void> }>(
    name: string,
    build: () => T,
  ): T {
    const known = this.built.get(name);
    if (known) return known as T;
    const part = build();
    this.built.set(name, part);
    return part;
  }
}
