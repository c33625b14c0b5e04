/**
 * Answers Converse and ConverseStream at once with a fixed text, as Bedrock frames it:
 * what is left is the cost of whatever stands in front of it. Refuses what is not signed.
 * Run as `node bedrockStub.mjs <port>`.
 */
import { createServer } from 'node:http';
import { crc32 } from 'node:zlib';

const WORDS =
  'A gateway should cost little beside the model that it stands in front of .'.split(
    ' ',
  );
const usage = { inputTokens: 24, outputTokens: WORDS.length };
usage.totalTokens = usage.inputTokens + usage.outputTokens;

const answer = Buffer.from(
  JSON.stringify({
    metrics: { latencyMs: 1 },
    output: {
      message: { content: [{ text: WORDS.join(' ') }], role: 'assistant' },
    },
    stopReason: 'end_turn',
    usage,
  }),
);
const events = [
  event('messageStart', { p: 'abcdefgh', role: 'assistant' }),
  ...WORDS.map(word =>
    event('contentBlockDelta', {
      contentBlockIndex: 0,
      delta: { text: `${word} ` },
      p: 'abcdefghijklmnopqrstuvwxyz',
    }),
  ),
  event('contentBlockStop', { contentBlockIndex: 0, p: 'abcdefghijklmn' }),
  event('messageStop', { p: 'abcdefghijklmnopq', stopReason: 'end_turn' }),
  event('metadata', { metrics: { latencyMs: 1 }, p: 'abcdefg', usage }),
];

/** One message of an AWS event stream. */
function event(type, payload) {
  const headers = Buffer.concat(
    Object.entries({
      ':event-type': type,
      ':content-type': 'application/json',
      ':message-type': 'event',
    }).flatMap(([name, value]) => [
      Buffer.from([name.length]),
      Buffer.from(name),
      Buffer.from([7, value.length >> 8, value.length & 255]),
      Buffer.from(value),
    ]),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const message = Buffer.alloc(16 + headers.length + body.length);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  headers.copy(message, 12);
  body.copy(message, 12 + headers.length);
  const end = message.length - 4;
  message.writeUInt32BE(crc32(message.subarray(0, end)), end);
  return message;
}

createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().on('end', () => {
    const { authorization = '' } = request.headers;
    if (!authorization.startsWith('AWS4-HMAC-SHA256 Credential=')) {
      response
        .writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' })
        .end('{"message":"Not signed"}');
    } else if (request.url.endsWith('/converse-stream')) {
      response.writeHead(200, {
        'Content-Type': 'application/vnd.amazon.eventstream',
      });
      for (const part of events) response.write(part);
      response.end();
    } else {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': answer.length,
      });
      response.end(answer);
    }
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
