import assert from 'node:assert/strict';
import { test } from 'node:test';
// The page's own modules, as browsers run them.
const { readEvents } = await import(
  new URL('../public/eventStream.js', import.meta.url).href
);
const { readTextFile } = await import(
  new URL('../public/textField.js', import.meta.url).href
);

test('the page reads events however the network cuts them', async () => {
  const text =
    'event: start\ndata: {"model":"m"}\n\nevent: text-delta\ndata: {"text":"a\\n\\n👋: b"}\n\n';
  const stream = ReadableStream.from(
    Array.from(Buffer.from(text), byte => Uint8Array.of(byte)),
  );
  const events: unknown[] = [];
  for await (const event of readEvents(stream)) events.push(event);
  assert.deepEqual(events, [
    { type: 'start', data: { model: 'm' } },
    { type: 'text-delta', data: { text: 'a\n\n👋: b' } },
  ]);
});

test('the page opens text files', async () => {
  assert.equal(await readTextFile(new File(['häß'], 'a.MD'), 3), 'häß');
});

for (const [name, file, sentence] of [
  ['other types', new File(['x'], 'a.pdf'), /ends in \.txt or \.md/],
  ['what is not text', new File([Uint8Array.of(0xff)], 'a.txt'), /not UTF-8/],
  ['long files', new File(['xxxx'], 'a.txt'), /at most 3 characters/],
  ['huge files', new File(['x'.repeat(13)], 'a.txt'), /at most 3 characters/],
] as const) {
  test(`the page refuses ${name} with a sentence`, async () => {
    await assert.rejects(readTextFile(file, 3), { message: sentence });
  });
}
