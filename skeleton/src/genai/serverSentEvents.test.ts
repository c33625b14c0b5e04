import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readServerSentEvents } from './serverSentEvents.ts';

async function read(chunks: Uint8Array[]): Promise<string[]> {
  const events: string[] = [];
  const body = (async function* bytes() {
    yield* chunks;
  })();
  for await (const data of readServerSentEvents(body)) events.push(data);
  return events;
}

const everyByteAlone = (text: string) =>
  Array.from(Buffer.from(text), byte => Uint8Array.of(byte));

for (const [name, lineEnd] of [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
] as const) {
  test(`reads events with ${name} line ends, one byte at a time`, async () => {
    const text = ['data: grüß 👋', '', 'data:b', '', ''].join(lineEnd);
    // A lone CR at the very end cannot be told from half a CRLF yet.
    const chunks = everyByteAlone(`${text}: end\n`);
    assert.deepEqual(await read(chunks), ['grüß 👋', 'b']);
  });
}

test('joins data lines and leaves out comments and other fields', async () => {
  const text = ': hello\nevent: x\nid: 1\ndata: a\ndata\ndata: b\n\n\n\n';
  assert.deepEqual(await read([Buffer.from(text)]), ['a\n\nb']);
});

test('drops an event that is cut off', async () => {
  assert.deepEqual(await read([Buffer.from('data: a\n\ndata: b\n')]), ['a']);
});
