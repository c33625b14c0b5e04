import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { limits } from '../limits.ts';
import { parseEvents, startApp } from '../testing/startApp.ts';
import type { AppUnderTest } from '../testing/startApp.ts';

let app: AppUnderTest;
beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.stop());

test('streams a summary of the text', async () => {
  const response = await app.post('api/summary', { text: 'A long text.' });
  assert.equal(response.status, 200);
  const events = parseEvents(await response.text());
  assert.deepEqual(
    events.map(([type]) => type),
    ['start', 'text-delta', 'text-delta', 'finish'],
  );
  const [system, user] = app.environment.chatRequests[0]?.messages ?? [];
  assert.match(system?.content ?? '', /^You summarize/);
  assert.match(
    user?.content ?? '',
    /^Summarize.*\n<text>\nA long text\.\n<\/text>$/s,
  );
});

test('takes the longest text that is allowed, in the widest characters', async () => {
  const text = '漢'.repeat(limits.summaryCharacters);
  const response = await app.post('api/summary', { text });
  assert.equal(response.status, 200);
  await response.body?.cancel();
});

for (const [name, body, sentence] of [
  ['an empty text', { text: '' }, /The text is empty/],
  ['no text', {}, /The text is empty/],
  ['a number', { text: 1 }, /The text is empty/],
  [
    'a text too long',
    { text: 'x'.repeat(limits.summaryCharacters + 1) },
    /100,001 characters; at most 100,000/,
  ],
] as const) {
  test(`refuses ${name} with 422 and asks the model nothing`, async () => {
    const response = await app.post('api/summary', body);
    assert.equal(response.status, 422);
    assert.match(await response.text(), sentence);
    assert.equal(app.environment.chatRequests.length, 0);
  });
}
