import type { Logger, ServiceHealth } from '@genai-environments/service-kit';
import { Cancellation } from '../../../domain/Cancellation';
import { textOf } from '../../../domain/content';
import { estimateInput } from '../../../domain/inputTokens';
import type {
  EmbedRequest,
  Embeddings,
  GenerateRequest,
  Generation,
  GenerationPart,
  Model,
  TokenUsage,
} from '../../../domain/Model';
import { estimateTokens } from '../../../domain/tokens';
import type {
  ByteSink,
  ForwardedAnswer,
  ForwardRequest,
  ForwardStreamRequest,
  MaxTokensMember,
  OpenAiModelProvider,
  StreamOutcome,
} from '../../../ports/ModelProvider';
import {
  embeddingsAnswerSchema,
  type ReadAnswer,
  readChatAnswer,
  textOfChoices,
} from './chatAnswer';
import { toChatBody } from './chatBody';
import { readStream } from './readStream';
import { relayStream } from './relayStream';
import { UpstreamConnection } from './UpstreamConnection';
import type { UpstreamConfig } from './upstreamConfig';
import { fromConnectionError, fromRefusal, garbled } from './upstreamErrors';
import { findUsage, readUsage } from './usage';

const HEALTH_MAX_AGE_MS = 5000;
const HEALTH_DEADLINE_MS = 2000;

/** Serves the models of one OpenAI-compatible server: Ollama, vLLM, llama.cpp, OpenAI, … */
export class OpenAiCompatibleModelProvider implements OpenAiModelProvider {
  readonly protocol = 'openai';
  readonly id: string;
  readonly models: readonly Model[];
  readonly maxTokensMember: MaxTokensMember;
  private readonly connection: UpstreamConnection;
  private readonly deadlineMs: number;
  private probe: { at: number; health: Promise<ServiceHealth> } | undefined;

  constructor(
    private readonly options: {
      upstream: UpstreamConfig;
      logger: Logger;
      /** Longest time a call may take; default 10 min. */
      deadlineMs?: number;
      /** Longest silence of the upstream; default 5 min. */
      idleTimeoutMs?: number;
      useEnvironmentProxy?: boolean;
    },
  ) {
    const { upstream, deadlineMs = 600_000 } = options;
    this.id = upstream.id;
    this.models = upstream.models.map(model => ({
      ...model,
      provider: upstream.id,
    }));
    this.maxTokensMember = maxTokensMemberOf(upstream.baseUrl);
    this.deadlineMs = deadlineMs;
    this.connection = new UpstreamConnection(options);
  }

  async generate(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): Promise<Generation> {
    const { model } = request;
    const { maxTokensMember } = this;
    const sent = toChatBody(request, { maxTokensMember });
    const body = await this.post(
      { path: '/chat/completions', model, body: sent },
      cancellation,
    );
    const { usage, ...answer } = readAnswer(body, model);
    return {
      ...answer,
      ...(usage ?? {
        inputTokens: estimateInput(request),
        outputTokens: estimateTokens(textOf(answer.content ?? answer.text)),
        isEstimate: true,
      }),
    };
  }

  stream(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): AsyncIterable<GenerationPart> {
    const { connection, deadlineMs, maxTokensMember } = this;
    return readStream({
      ...{ connection, deadlineMs, maxTokensMember },
      ...{ request, cancellation },
    });
  }

  async embed(
    request: EmbedRequest,
    cancellation: Cancellation,
  ): Promise<Embeddings> {
    const { model, inputs, dimensions } = request;
    const body = await this.post(
      {
        path: '/embeddings',
        model,
        body: JSON.stringify({
          model,
          input: inputs,
          dimensions,
          encoding_format: 'float',
        }),
      },
      cancellation,
    );
    const parsed = embeddingsAnswerSchema.safeParse(parse(body, model));
    if (!parsed.success || parsed.data.data.length !== inputs.length) {
      throw garbled(model, parsed.error);
    }
    const ordered = [...parsed.data.data].sort((a, b) => a.index - b.index);
    const vectors = ordered.map(item => item.embedding);
    const counted = readUsage(parsed.data.usage)?.inputTokens;
    if (counted !== undefined) return { vectors, inputTokens: counted };
    const inputTokens = estimateTokens(inputs.join('\n'));
    return { vectors, inputTokens, isEstimate: true };
  }

  async forward(
    request: ForwardRequest,
    cancellation: Cancellation,
  ): Promise<ForwardedAnswer> {
    const body = await this.post(request, cancellation);
    return {
      body,
      usage: usageOfAnswer(body) ?? estimateUsage(request, body),
    };
  }

  forwardStream(
    request: ForwardStreamRequest,
    sink: ByteSink,
    cancellation: Cancellation,
  ): Promise<StreamOutcome> {
    return relayStream({
      connection: this.connection,
      deadlineMs: this.deadlineMs,
      request,
      sink,
      cancellation,
    });
  }

  async health(): Promise<ServiceHealth> {
    const now = Date.now();
    if (!this.probe || now - this.probe.at > HEALTH_MAX_AGE_MS) {
      this.probe = { at: now, health: this.checkHealth() };
    }
    return this.probe.health;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /** Any answer will do: what counts is that somebody is there. */
  private async checkHealth(): Promise<ServiceHealth> {
    try {
      await this.connection.exchange(
        { method: 'GET', path: '/models', deadlineMs: HEALTH_DEADLINE_MS },
        new Cancellation(),
      );
      return { status: 'UP' };
    } catch (error) {
      this.options.logger.warn(
        { err: error, upstream: this.id },
        'Model server cannot be reached',
      );
      return {
        status: 'DOWN',
        reason: `The model server "${this.id}" cannot be reached.`,
      };
    }
  }

  private async post(
    { path, model, body }: Omit<ForwardRequest, 'estimateInput'>,
    cancellation: Cancellation,
  ): Promise<Buffer> {
    let answer;
    try {
      answer = await this.connection.exchange(
        { method: 'POST', path, body, deadlineMs: this.deadlineMs },
        cancellation,
      );
    } catch (error) {
      throw fromConnectionError(error, model);
    }
    if (answer.status !== 200) throw fromRefusal(answer, model);
    if (!looksLikeJsonObject(answer.body)) throw garbled(model);
    return answer.body;
  }
}

/** OpenAI itself, also where Azure runs it, knows the newer name for all chat models. */
function maxTokensMemberOf(baseUrl: string): MaxTokensMember {
  const { hostname } = new URL(baseUrl);
  return hostname === 'api.openai.com' || hostname.endsWith('.openai.azure.com')
    ? 'max_completion_tokens'
    : 'max_tokens';
}

/** A truncated or foreign answer is noticed without parsing a good one. */
function looksLikeJsonObject(body: Buffer): boolean {
  const text = body.length < 64 ? body.toString('latin1') : undefined;
  const head = text ?? body.toString('latin1', 0, 32);
  const tail = text ?? body.toString('latin1', body.length - 32);
  return head.trimStart().startsWith('{') && tail.trimEnd().endsWith('}');
}

function usageOfAnswer(body: Buffer): TokenUsage | undefined {
  return findUsage(body);
}

/** For servers that do not count. */
function estimateUsage(request: ForwardRequest, body: Buffer): TokenUsage {
  const { model, path, estimateInput: estimate } = request;
  let outputTokens = 0;
  if (path === '/chat/completions') {
    outputTokens = estimateTokens(understand(body, model, textOfChoices));
  } else if (!embeddingsShape(parse(body, model))) {
    throw garbled(model);
  }
  return { inputTokens: estimate(), outputTokens, isEstimate: true };
}

function readAnswer(body: Buffer, model: string): ReadAnswer {
  return understand(body, model, readChatAnswer);
}

function understand<T>(
  body: Buffer,
  model: string,
  read: (answer: unknown) => T,
): T {
  try {
    return read(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw garbled(model, error);
  }
}

function embeddingsShape(answer: unknown): boolean {
  return Array.isArray((answer as { data?: unknown } | null)?.data);
}

function parse(body: Buffer, model: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw garbled(model, error);
  }
}
