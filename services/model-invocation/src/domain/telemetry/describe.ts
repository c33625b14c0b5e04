import type { ModelCall } from '@genai-environments/service-kit';
import type { GenerateRequest } from '../Model';

type Described = Pick<
  ModelCall,
  'maxTokens' | 'temperature' | 'topP' | 'input'
>;

/** What telemetry is told of a request beside its model. */
export function describeRequest(request: GenerateRequest): Described {
  const { maxTokens, temperature, topP, messages } = request;
  return { maxTokens, temperature, topP, input: () => messages };
}

/** The same of a body that goes to the upstream as it is; the route has validated it. */
export function readForwarded(body: string): Described {
  const request = JSON.parse(body);
  return {
    maxTokens: numberOr(request.max_completion_tokens, request.max_tokens),
    temperature: numberOr(request.temperature),
    topP: numberOr(request.top_p),
    input: () => request.messages ?? request.input,
  };
}

/** The choices of an answer that passes through as bytes. */
export function textOfAnswer(body: Buffer): unknown {
  return parseOr(body.toString('utf8'))?.choices;
}

/** The text within server-sent events of a chat completion; an event cut short is left out. */
export function textOfEvents(chunks: Buffer[]): string {
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter(line => line.startsWith('data: '))
    .map(line => parseOr(line.slice('data: '.length))?.choices)
    .map(choices => choices?.[0]?.delta?.content ?? '')
    .join('');
}

function numberOr(...values: unknown[]): number | undefined {
  return values.find((value): value is number => typeof value === 'number');
}

function parseOr(text: string): { choices?: any[] } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
