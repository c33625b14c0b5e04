/**
 * An OpenAI-compatible server that answers at once with a fixed text: what is left is the
 * cost of whatever stands in front of it. Run as `node upstreamStub.mjs <port>`.
 */
import { createServer } from 'node:http';

const CREATED = 1_760_000_000;
const WORDS =
  'A gateway should cost little beside the model that it stands in front of .'.split(
    ' ',
  );
const usage = { prompt_tokens: 24, completion_tokens: WORDS.length };
usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;

const completion = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-stub',
    object: 'chat.completion',
    created: CREATED,
    model: 'stub-text',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: WORDS.join(' ') },
        finish_reason: 'stop',
      },
    ],
    usage,
  }),
);

const chunk = (choices, rest = {}) =>
  Buffer.from(
    `data: ${JSON.stringify({
      id: 'chatcmpl-stub',
      object: 'chat.completion.chunk',
      created: CREATED,
      model: 'stub-text',
      choices,
      ...rest,
    })}\n\n`,
  );
const chunks = [
  ...WORDS.map((word, index) =>
    chunk([
      {
        index: 0,
        delta: {
          ...(index === 0 ? { role: 'assistant' } : {}),
          content: `${word} `,
        },
        finish_reason: null,
      },
    ]),
  ),
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  chunk([], { usage }),
  Buffer.from('data: [DONE]\n\n'),
];

createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', part => {
    body += part;
  });
  request.on('end', () => {
    if (body.includes('"stream":true')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      for (const part of chunks) response.write(part);
      response.end();
    } else {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': completion.length,
      });
      response.end(completion);
    }
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
