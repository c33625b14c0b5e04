import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { limits } from '../limits.ts';
import { textChunk, writeChunk } from '../testing/fakeEnvironment.ts';
import { parseEvents, startApp } from '../testing/startApp.ts';
import type { AppUnderTest } from '../testing/startApp.ts';

let app: AppUnderTest;
beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.stop());

const question = (content: string) => ({
  messages: [{ role: 'user', content }],
});

test('streams the model’s answer with its name and its token counts', async () => {
  const response = await app.post('api/chat', question('hello'));
  assert.equal(response.status, 200);
  assert.match(
    response.headers.get('content-type') ?? '',
    /^text\/event-stream/,
  );
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual(parseEvents(await response.text()), [
    ['start', { model: 'fake.text' }],
    ['text-delta', { text: 'You said: ' }],
    ['text-delta', { text: 'hello' }],
    ['finish', { finishReason: 'stop', inputTokens: 7, outputTokens: 2 }],
  ]);
});

test('passes each piece on before the next one is there', async () => {
  const goOn = Promise.withResolvers<void>();
  app.environment.behaviour = async response => {
    writeChunk(response, textChunk('first'));
    await goOn.promise;
    writeChunk(response, { choices: [{ finish_reason: 'stop' }] });
    response.end();
  };
  const response = await app.post('api/chat', question('hello'));
  let received = '';
  for await (const chunk of response.body!) {
    received += Buffer.from(chunk).toString();
    if (received.includes('first')) goOn.resolve();
  }
  assert.match(received, /event: finish/);
});

test('sends the conversation, and the context text ahead of it', async () => {
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
    { role: 'user', content: 'c' },
  ];
  await (await app.post('api/chat', { messages, context: 'A text.' })).text();
  const [sent] = app.environment.chatRequests;
  assert.equal(sent?.model, 'fake.text');
  assert.equal(sent?.stream, true);
  assert.deepEqual(sent?.messages.slice(1), messages);
  assert.equal(sent?.messages[0]?.role, 'system');
  assert.match(sent?.messages[0]?.content ?? '', /<text>\nA text\.\n<\/text>/);
});

test('ends the call to the model when the caller hangs up', async () => {
  const hungUp = Promise.withResolvers<void>();
  app.environment.behaviour = async response => {
    writeChunk(response, textChunk('first'));
    await once(response, 'close');
    hungUp.resolve();
  };
  const controller = new AbortController();
  const response = await app.post('api/chat', question('hello'), {
    signal: controller.signal,
  });
  await response.body!.getReader().read();
  controller.abort();
  await hungUp.promise;
});

test('asks for a new token when the environment refuses the one it has', async () => {
  await (await app.post('api/chat', question('one'))).text();
  app.environment.revokeTokens();
  const response = await app.post('api/chat', question('two'));
  assert.match(await response.text(), /two/);
  assert.equal(app.environment.tokenRequests, 2);
});

for (const [upstream, status, sentence] of [
  [400, 422, /refused the request/],
  [403, 502, /refused this app’s credentials/],
  [429, 429, /limit/],
  [500, 503, /cannot answer just now/],
] as const) {
  test(`an environment that answers ${upstream} makes it ${status} with a sentence`, async () => {
    app.environment.behaviour = response => {
      response.writeHead(upstream, { 'Retry-After': '3' }).end('inner details');
    };
    const response = await app.post('api/chat', question('hello'));
    assert.equal(response.status, status);
    assert.equal(
      response.headers.get('content-type'),
      'application/problem+json; charset=utf-8',
    );
    const { detail } = (await response.json()) as { detail: string };
    assert.match(detail, sentence);
    if (status === 429) assert.equal(response.headers.get('retry-after'), '3');
  });
}

test('an environment that is gone makes it 503', async () => {
  await app.environment.stop();
  assert.equal((await app.post('api/chat', question('hi'))).status, 503);
});

for (const [name, end] of [
  ['the connection breaks', 'destroy'],
  ['the stream just ends', 'end'],
] as const) {
  test(`says so when ${name} in the middle of an answer`, async () => {
    app.environment.behaviour = response => {
      writeChunk(response, textChunk('half'));
      response.write('data: ', () => response[end]());
    };
    const response = await app.post('api/chat', question('hello'));
    const events = parseEvents(await response.text());
    assert.equal(events.at(-1)?.[0], 'error');
    assert.match(String(events.at(-1)?.[1].message), /broke off/);
  });
}

for (const [name, body, sentence] of [
  ['no object', [], /must be a JSON object/],
  ['no messages', { messages: [] }, /Ask something first/],
  ['an unknown field', { ...question('a'), model: 'x' }, /^model: Remove it/],
  [
    'a role of its own',
    { messages: [{ role: 'system', content: 'a' }] },
    /^messages\.0\.role/,
  ],
  ['a blank question', question('  '), /^messages\.0\.content.*empty/],
  [
    'a question too long',
    question('x'.repeat(limits.questionCharacters + 1)),
    /4,001 characters; at most 4,000/,
  ],
  [
    'a context too long',
    { ...question('a'), context: 'x'.repeat(limits.contextCharacters + 1) },
    /^context: .*Shorten it/,
  ],
  [
    'an answer as its last message',
    { messages: [{ role: 'assistant', content: 'a' }] },
    /last message must be the question/,
  ],
  [
    'too many messages',
    {
      messages: Array(limits.messages + 1).fill({ role: 'user', content: 'a' }),
    },
    /Start a new one/,
  ],
] as const) {
  test(`refuses ${name} with 422 and asks the model nothing`, async () => {
    const response = await app.post('api/chat', body);
    assert.equal(response.status, 422);
    const problem = (await response.json()) as {
      detail: string;
      issues: unknown[];
    };
    assert.match(problem.detail, sentence);
    assert.equal(problem.issues.length, 1);
    assert.equal(app.environment.chatRequests.length, 0);
  });
}

test('refuses what is not sent as JSON, as forms of other sites are not', async () => {
  const response = await app.post('api/chat', question('a'), {
    headers: { 'Content-Type': 'text/plain' },
  });
  assert.equal(response.status, 415);
  assert.equal(app.environment.chatRequests.length, 0);
});

test('refuses broken JSON with 400', async () => {
  const response = await app.post('api/chat', '', { body: '{"messages":' });
  assert.equal(response.status, 400);
});

for (const [name, init] of [
  ['with its length', {}],
  ['without its length', { duplex: 'half' }],
] as const) {
  test(`refuses a body that is too large, sent ${name}, with 413`, async () => {
    const text = JSON.stringify('x'.repeat(limits.bodyBytes));
    const body = name === 'with its length' ? text : new Blob([text]).stream();
    const response = await app.post('api/chat', '', { body, ...init });
    assert.equal(response.status, 413);
    const { detail } = (await response.json()) as { detail: string };
    assert.match(detail, /at most 1024 KiB/);
  });
}

test('an environment without a text model is 503 and says whom to ask', async t => {
  const other = await startApp({ GENAI_TEXT_MODEL: '' });
  t.after(() => other.stop());
  const response = await other.post('api/chat', question('a'));
  assert.equal(response.status, 503);
  assert.match(await response.text(), /no text model/);
});

test('logs neither questions, answers nor credentials', async () => {
  app.environment.behaviour = response => {
    writeChunk(response, textChunk('the-answer'));
    response.end();
  };
  const body = { ...question('the-question'), context: 'the-context' };
  await (await app.post('api/chat?q=the-query', body)).text();
  assert.match(app.log(), /answer broke off/);
  for (const secret of [
    'the-',
    'token-1',
    app.environment.clientSecret,
    app.environment.clientId,
  ]) {
    assert.ok(!app.log().includes(secret), `the log holds ${secret}`);
  }
});
