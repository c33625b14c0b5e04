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
import type { Logger, Telemetry } from '@genai-environments/service-kit';
import {
  createVectorization,
  type Vectorization,
} from '@genai-environments/vectorization';
import type { HostedService, RuntimeConfig } from '../config';
import type { Platform } from '../platform/Platform';
import { ENTRIES } from './entries';

/**
 * The services of an environment, each built when it is first asked for: a process builds
 * what it hosts, what its workers work for, and what those need of others.
 */
export class Parts {
  private readonly built = new Map<string, { close(): Promise<void> }>();

  constructor(
    private readonly options: {
      config: RuntimeConfig;
      platform: Platform;
      logger: Logger;
      telemetry?: Telemetry;
    },
  ) {}

  modelInvocation(): ModelInvocation {
    const { config, platform, telemetry } = this.options;
    return this.once('model-invocation', () =>
      createModelInvocation({
        ...platform.storage.models(),
        models: config.models,
        aliases: config.aliases,
        prices: config.prices,
        upstreams: config.upstreams,
        providers: this.createBedrock(),
        prompts: {
          render: (clientId, prompt) =>
            this.promptManagement().prompts.render(clientId, prompt),
        },
        useEnvironmentProxy: config.useEnvironmentProxy,
        telemetry,
        logger: this.loggerOf('model-invocation'),
      }),
    );
  }

  promptManagement(): PromptManagement {
    const { storage } = this.options.platform;
    return this.once('prompt-management', () =>
      createPromptManagement(storage.prompts()),
    );
  }

  documentProcessing(): DocumentProcessing {
    const { platform } = this.options;
    return this.once('document-processing', () =>
      createDocumentProcessing({
        ...platform.storage.documents(),
        extractionEntry: ENTRIES.extraction,
        vectorizer: platform.reaches('vectorization')
          ? this.vectorizer
          : undefined,
        logger: this.loggerOf('document-processing'),
      }),
    );
  }

  vectorization(): Vectorization {
    const { platform } = this.options;
    return this.once('vectorization', () => {
      const { embedder, generator } = this.modelInvocation();
      return createVectorization({
        ...platform.storage.vectors(),
        chunks: this.documentProcessing().chunks,
        embedder,
        answerModel: generator,
        indexThread: ENTRIES.vectorIndex,
        logger: this.loggerOf('vectorization'),
      });
    });
  }

  /** Closes what was built, the last first: it may need what came before. */
  async close(): Promise<void> {
    for (const part of [...this.built.values()].reverse()) await part.close();
    this.built.clear();
  }

  /** Documents and vectors need each other; this end waits for the first call. */
  private readonly vectorizer: Vectorizer = {
    assertIndex: (...args) =>
      this.vectorization().vectorizer.assertIndex(...args),
    startJob: (...args) => this.vectorization().vectorizer.startJob(...args),
    findJob: (...args) => this.vectorization().vectorizer.findJob(...args),
  };

  private createBedrock(): BedrockModelProvider[] {
    const { bedrock, useEnvironmentProxy } = this.options.config;
    const logger = this.loggerOf('model-invocation');
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

  /** So that each line says whose it is. */
  private loggerOf(service: HostedService): Logger {
    return this.options.logger.child({ service });
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
