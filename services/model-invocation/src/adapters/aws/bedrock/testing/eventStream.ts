import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { ServerResponse } from 'node:http';

const codec = new EventStreamCodec(
  bytes => Buffer.from(bytes).toString('utf8'),
  text => Buffer.from(text, 'utf8'),
);

const string = (value: string) => ({ type: 'string' as const, value });

/** An event as Bedrock sends it, written by AWS's own encoder. */
export function event(type: string, payload: object): Buffer {
  return Buffer.from(
    codec.encode({
      headers: {
        ':event-type': string(type),
        ':content-type': string('application/json'),
        ':message-type': string('event'),
      },
      body: Buffer.from(JSON.stringify(payload)),
    }),
  );
}

/** An exception in the middle of a stream. */
export function exceptionEvent(type: string, message: string): Buffer {
  return Buffer.from(
    codec.encode({
      headers: {
        ':exception-type': string(type),
        ':content-type': string('application/json'),
        ':message-type': string('exception'),
      },
      body: Buffer.from(JSON.stringify({ message })),
    }),
  );
}

/** All events of an answer that is only text. Bedrock pads events by `p`. */
export function textEvents(
  words: string[],
  usage: { inputTokens: number; outputTokens: number },
): Buffer[] {
  return [
    event('messageStart', { role: 'assistant', p: 'abcd' }),
    ...words.map(text =>
      event('contentBlockDelta', {
        contentBlockIndex: 0,
        delta: { text },
        p: 'abcdefghijk',
      }),
    ),
    event('contentBlockStop', { contentBlockIndex: 0, p: 'ab' }),
    event('messageStop', { stopReason: 'end_turn', p: 'abcdef' }),
    event('metadata', {
      usage: { ...usage, totalTokens: usage.inputTokens + usage.outputTokens },
      metrics: { latencyMs: 12 },
    }),
  ];
}

export function startEventStream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, {
    'content-type': 'application/vnd.amazon.eventstream',
  });
}
