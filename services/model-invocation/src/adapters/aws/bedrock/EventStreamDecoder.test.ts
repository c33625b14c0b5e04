import { EventStreamCodec, Int64 } from '@smithy/eventstream-codec';
import {
  EventStreamDecoder,
  EventStreamError,
  type EventStreamMessage,
} from './EventStreamDecoder';
import { event, exceptionEvent, textEvents } from './testing/eventStream';

const codec = new EventStreamCodec(
  bytes => Buffer.from(bytes).toString('utf8'),
  text => Buffer.from(text, 'utf8'),
);

const MESSAGES = [
  ...textEvents(['Grüße ', '世界'], { inputTokens: 1, outputTokens: 2 }),
  exceptionEvent('throttlingException', 'Too many.'),
  event('empty', {}),
];
const STREAM = Buffer.concat(MESSAGES);

/** What AWS's own decoder makes of a message. */
function decodeByAws(message: Buffer): EventStreamMessage {
  const { headers, body } = codec.decode(message);
  return {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, { value }]) => [name, String(value)]),
    ),
    payload: Buffer.from(body).toString('utf8'),
  };
}

function decode(chunks: Buffer[]): EventStreamMessage[] {
  const decoder = new EventStreamDecoder();
  const messages: EventStreamMessage[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk, message => messages.push(message));
  }
  return messages;
}

function cut(data: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < data.length; start += size) {
    chunks.push(data.subarray(start, start + size));
  }
  return chunks;
}

describe('EventStreamDecoder', () => {
  const expected = MESSAGES.map(decodeByAws);

  it('decodes as AWS does, wherever the bytes are cut in two', () => {
    for (let at = 0; at <= STREAM.length; at++) {
      expect(decode([STREAM.subarray(0, at), STREAM.subarray(at)])).toEqual(
        expected,
      );
    }
  });

  it.each([1, 2, 3, 5, 11, 64, 1000])('decodes pieces of %d bytes', size => {
    expect(decode(cut(STREAM, size))).toEqual(expected);
  });

  it('steps over headers of all types', () => {
    const message = Buffer.from(
      codec.encode({
        headers: {
          a: { type: 'boolean', value: true },
          b: { type: 'boolean', value: false },
          c: { type: 'byte', value: 1 },
          d: { type: 'short', value: 2 },
          e: { type: 'integer', value: 3 },
          f: { type: 'long', value: Int64.fromNumber(4) },
          g: { type: 'binary', value: Buffer.from('bytes') },
          h: { type: 'timestamp', value: new Date(0) },
          i: { type: 'uuid', value: '01234567-89ab-cdef-0123-456789abcdef' },
          j: { type: 'string', value: 'last' },
        },
        body: Buffer.from('x'),
      }),
    );
    expect(decode([message])).toEqual([
      { headers: { j: 'last' }, payload: 'x' },
    ]);
  });

  it('refuses a stream of which any one bit was changed', () => {
    const [message] = MESSAGES;
    for (let bit = 0; bit < message.length * 8; bit++) {
      const changed = Buffer.from(message);
      changed[bit >> 3] ^= 1 << (bit & 7);
      expect(() => decode([changed])).toThrow(EventStreamError);
    }
  });

  it('hands nothing over of a message that is not complete', () => {
    for (let at = 0; at < MESSAGES[0].length; at++) {
      expect(decode([MESSAGES[0].subarray(0, at)])).toEqual([]);
    }
  });

  it('decodes a large message in many pieces without copying each again', () => {
    const large = event('contentBlockDelta', {
      delta: { text: 'x'.repeat(8_000_000) },
    });
    const startedAt = performance.now();
    const [message] = decode(cut(large, 1024));
    expect(message.payload.length).toBeGreaterThan(8_000_000);
    // Copying all that came with every piece would move 32 GB.
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
