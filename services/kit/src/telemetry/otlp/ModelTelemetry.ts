import {
  type Attributes,
  type Context,
  type Histogram,
  type Meter,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import type { ModelCall, ModelCallOutcome, ModelCallSpan } from '../Telemetry';

/** Boundaries that the conventions advise. */
const SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48,
  40.96, 81.92,
];
const TOKENS = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304,
  16777216, 67108864,
];

/** Longest content that one span keeps, in UTF-16 code units. */
const MAX_CONTENT_LENGTH = 32_768;

/** Spans and metrics of calls of models, by the GenAI conventions. */
export class ModelTelemetry {
  private readonly duration: Histogram;
  private readonly firstChunk: Histogram;
  private readonly tokens: Histogram;

  constructor(
    private readonly options: {
      tracer: Tracer;
      meter: Meter;
      recordContent: boolean;
      /** That of the request which is handled now. */
      context: () => Context;
    },
  ) {
    const { meter } = options;
    this.duration = meter.createHistogram('gen_ai.client.operation.duration', {
      description: 'Duration of calls of models',
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    });
    this.firstChunk = meter.createHistogram(
      'gen_ai.client.operation.time_to_first_chunk',
      {
        description: 'Time until the first part of a stream',
        unit: 's',
        advice: { explicitBucketBoundaries: SECONDS },
      },
    );
    this.tokens = meter.createHistogram('gen_ai.client.token.usage', {
      description: 'Tokens of calls of models',
      unit: '{token}',
      advice: { explicitBucketBoundaries: TOKENS },
    });
  }

  start(call: ModelCall): ModelCallSpan {
    const { tracer, recordContent, context } = this.options;
    const startedAt = performance.now();
    const common = commonAttributes(call);
    const span = tracer.startSpan(
      `${call.operation} ${call.model}`,
      {
        kind: SpanKind.CLIENT,
        attributes: {
          ...common,
          ...requestAttributes(call),
          ...(recordContent
            ? content('gen_ai.input.messages', call.input)
            : {}),
        },
      },
      context(),
    );
    const seconds = () => (performance.now() - startedAt) / 1000;
    let first = false;
    return {
      firstChunk: () => {
        if (first) return;
        first = true;
        this.firstChunk.record(seconds(), common);
        span.setAttribute('gen_ai.response.time_to_first_chunk', seconds());
      },
      end: outcome => this.end({ span, common, seconds: seconds(), outcome }),
      fail: (error, { cancelled = false } = {}) => {
        const type = cancelled ? 'cancelled' : errorType(error);
        span.setAttribute('error.type', type);
        if (!cancelled) span.setStatus({ code: SpanStatusCode.ERROR });
        this.duration.record(seconds(), { ...common, 'error.type': type });
        span.end();
      },
    };
  }

  private end(call: {
    span: Span;
    common: Attributes;
    seconds: number;
    outcome: ModelCallOutcome;
  }): void {
    const { span, seconds, outcome } = call;
    const { inputTokens, outputTokens, responseModel, finishReasons } = outcome;
    const common = {
      ...call.common,
      ...(responseModel ? { 'gen_ai.response.model': responseModel } : {}),
    };
    span.setAttributes({
      ...common,
      'gen_ai.usage.input_tokens': inputTokens,
      ...(outputTokens === undefined
        ? {}
        : { 'gen_ai.usage.output_tokens': outputTokens }),
      ...(finishReasons
        ? { 'gen_ai.response.finish_reasons': finishReasons }
        : {}),
      ...(this.options.recordContent
        ? content('gen_ai.output.messages', outcome.output)
        : {}),
    });
    this.duration.record(seconds, common);
    this.tokens.record(inputTokens, {
      ...common,
      'gen_ai.token.type': 'input',
    });
    if (outputTokens !== undefined) {
      this.tokens.record(outputTokens, {
        ...common,
        'gen_ai.token.type': 'output',
      });
    }
    span.end();
  }
}

/** Of spans and metrics alike: few values each. */
function commonAttributes(call: ModelCall): Attributes {
  return {
    'gen_ai.operation.name': call.operation,
    'gen_ai.provider.name': call.provider,
    'gen_ai.request.model': call.model,
  };
}

function requestAttributes(call: ModelCall): Attributes {
  const { clientId, stream, maxTokens, temperature, topP } = call;
  return {
    ...(clientId === undefined ? {} : { 'genai.application.id': clientId }),
    ...(stream ? { 'gen_ai.request.stream': true } : {}),
    ...(maxTokens === undefined
      ? {}
      : { 'gen_ai.request.max_tokens': maxTokens }),
    ...(temperature === undefined
      ? {}
      : { 'gen_ai.request.temperature': temperature }),
    ...(topP === undefined ? {} : { 'gen_ai.request.top_p': topP }),
  };
}

function content(key: string, make: (() => unknown) | undefined): Attributes {
  if (!make) return {};
  const text = JSON.stringify(make()) ?? '';
  return { [key]: text.slice(0, MAX_CONTENT_LENGTH) };
}

/** The stable code of our own errors; messages may quote what was asked. */
function errorType(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : '_OTHER';
}
