import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UsageItem } from '../ports/UsageLedger';
import type { Harness } from './harness';

const CAP = 1_000_000;
export const IMAGE = `data:image/png;base64,${'iVBORw0K'.repeat(125_000)}`;
const SMALL_IMAGE = IMAGE.slice(0, 40_022);
export const IMAGE_TOKENS = 1600;
/** 100 tokens. */
export const TEXT = 'What is this ?'.padEnd(14 + 96 * 5, ' word');
const TOOL_NAMES = Array.from({ length: 20 }, (_, nr) => `tool_${nr}`);
const TOOLS = TOOL_NAMES.map(name => ({
  type: 'function',
  function: {
    name,
    description: 'Looks up what a city is like in the given month',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
}));

/** A chat with the text, so many images and all tools; one image alone is a large one. */
export function vision(images: number, more: object = {}) {
  const image = {
    type: 'image_url',
    image_url: { url: images === 1 ? IMAGE : SMALL_IMAGE },
  };
  const content = [{ type: 'text', text: TEXT }, ...Array(images).fill(image)];
  const messages = [{ role: 'user', content }];
  return { messages, tools: TOOLS, max_tokens: 700, ...more };
}

/** Tokens of `vision(images)`: a schema of ours has 150 to 200 bytes. */
export function expectInput(inputTokens: number, images: number): void {
  const least = 100 + images * IMAGE_TOKENS + TOOLS.length * 30;
  expect(inputTokens).toBeGreaterThan(least);
  expect(inputTokens).toBeLessThan(least + TOOLS.length * 40);
}

/** `vision(2)` in each format that is answered in one piece. */
export const WHOLE_CALLS: Array<[string, object]> = [
  ['/v1/chat/completions', { model: 'stub-chat', ...vision(2) }],
  [
    '/v1/messages',
    {
      model: 'stub-chat',
      max_tokens: 700,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: TEXT },
            ...Array(2).fill({
              type: 'image',
              source: {
                ...{ type: 'base64', media_type: 'image/png' },
                data: SMALL_IMAGE.split(',')[1],
              },
            }),
          ],
        },
      ],
      tools: TOOLS.map(({ function: { parameters, ...tool } }) => ({
        ...tool,
        input_schema: parameters,
      })),
    },
  ],
];

/** Hangs up once something of the answer has come; resolves with what is booked. */
export async function leaveStream(
  harness: Harness,
  url: string,
  body: object,
): Promise<UsageItem> {
  const request = await open(harness, url, body);
  const [response] = await once(request, 'response');
  await once(response, 'data');
  request.destroy();
  return harness.firstBooking();
}

/** Hangs up once the upstream has the request; resolves with what is booked. */
export async function leaveWaiting(
  harness: Harness,
  url: string,
  body: object,
  arrived: Promise<unknown>,
): Promise<UsageItem> {
  const request = await open(harness, url, body);
  await arrived;
  request.destroy();
  return harness.firstBooking();
}

/** Sends a request over a connection that the caller can break. */
async function open({ app, auth }: Harness, url: string, body: object) {
  const address = app.fastify.server.listening
    ? (app.fastify.server.address() as AddressInfo)
    : await app.listen({ host: '127.0.0.1', port: 0 });
  const request = httpRequest({
    ...{ host: '127.0.0.1', port: address.port, method: 'POST', path: url },
    agent: false,
    headers: {
      ...(await auth.bearer()),
      'content-type': 'application/json',
    },
  });
  request.on('error', () => {});
  request.on('response', response => response.on('error', () => {}));
  request.end(JSON.stringify(body));
  return request;
}

/** Resolves when a request has come that is never answered. */
export function silence(upstream: { behave: (...args: any[]) => void }) {
  return new Promise<void>(resolve => {
    upstream.behave = () => resolve();
  });
}

/** Sets a limit of tokens that no test reaches. */
export function setCap({ model }: Harness): Promise<unknown> {
  return model.limits.setLimits({ tokensPerDay: CAP });
}

/** Tokens that count toward the limit. */
export async function usedTokens({ model }: Harness): Promise<number> {
  return (await model.limits.getState())[0].used;
}
