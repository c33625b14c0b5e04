import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { textChunk, writeChunk } from './testing/fakeEnvironment.ts';
import { parseEvents, startApp } from './testing/startApp.ts';
import type { AppUnderTest } from './testing/startApp.ts';

let app: AppUnderTest;
before(async () => {
  app = await startApp();
});
after(() => app.stop());

test('the page and everything it names are there', async () => {
  const page = await fetch(app.url);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  const html = await page.text();
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(m => m[1]);
  assert.ok(named.length >= 3);
  for (const name of named) {
    const response = await fetch(new URL(name ?? '', app.url));
    assert.equal(response.status, 200, name);
    await response.body?.cancel();
  }
});

test('the page needs no other host, no inline script and no inline style', async () => {
  const html = await (await fetch(app.url)).text();
  assert.doesNotMatch(html, /(src|href)="(https?:)?\/\//);
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)/);
});

test('the address without its slash leads to the page', async () => {
  const response = await fetch(app.url.slice(0, -1), { redirect: 'manual' });
  assert.equal(response.status, 308);
  assert.equal(response.headers.get('location'), '/app/');
});

test('browsers revalidate files and are told when they have them already', async () => {
  const first = await fetch(`${app.url}styles.css`);
  assert.equal(first.headers.get('cache-control'), 'no-cache');
  const etag = first.headers.get('etag') ?? '';
  await first.body?.cancel();
  const again = (value: string) =>
    fetch(`${app.url}styles.css`, { headers: { 'If-None-Match': value } });
  assert.equal((await again(`"other", W/${etag}`)).status, 304);
  assert.equal((await again('"other"')).status, 200);
});

test('HEAD answers without a body', async () => {
  const response = await fetch(app.url, { method: 'HEAD' });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), '');
});

for (const path of ['', 'health', 'api/info', 'nowhere']) {
  test(`/${path} carries the security headers`, async () => {
    const { headers } = await fetch(app.url + path);
    assert.match(
      headers.get('content-security-policy') ?? '',
      /default-src 'none'.*frame-ancestors 'none'/,
    );
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('access-control-allow-origin'), null);
  });
}

test('tells the page where it runs, and no secret', async () => {
  const text = await (await fetch(`${app.url}api/info`)).text();
  const info = JSON.parse(text) as Record<string, unknown>;
  assert.equal(info.environmentName, 'fake-environment');
  assert.equal(info.textModel, 'fake.text');
  assert.ok(!text.includes(app.environment.clientSecret));
  assert.ok(!text.includes(app.environment.clientId));
});

for (const path of [
  'nowhere',
  'constructor',
  '..%2fpackage.json',
  'index.html/x',
]) {
  test(`/${path} is 404`, async () => {
    const response = await fetch(app.url + path);
    assert.equal(response.status, 404);
    assert.match(await response.text(), /Try \/app\/ instead/);
  });
}

test('a wrong method is 405 and says which are answered', async () => {
  const response = await fetch(`${app.url}api/chat`);
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'POST');
});

test('is healthy while the environment accepts its credentials', async () => {
  const response = await fetch(`${app.url}health`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: 'UP' });
});

test('is not healthy, and says why, when its credentials are refused', async t => {
  const other = await startApp({ GENAI_CLIENT_SECRET: 'wrong' });
  t.after(() => other.stop());
  const response = await fetch(`${other.url}health`);
  assert.equal(response.status, 503);
  const body = (await response.json()) as Record<string, string>;
  assert.equal(body.status, 'DOWN');
  assert.match(body.reason ?? '', /refused this app’s credentials/);
});

test('lets an answer finish when it is told to stop', async t => {
  const other = await startApp();
  t.after(() => other.stop());
  const goOn = Promise.withResolvers<void>();
  other.environment.behaviour = async response => {
    writeChunk(response, textChunk('first'));
    await goOn.promise;
    writeChunk(response, { choices: [{ finish_reason: 'stop' }] });
    response.end();
  };
  const messages = [{ role: 'user', content: 'a' }];
  const response = await other.post('api/chat', { messages });
  const closed = other.close(60_000);
  await assert.rejects(fetch(`${other.url}health`));
  goOn.resolve();
  assert.match(await response.text(), /event: finish/);
  await closed;
});

test('breaks an answer off with a sentence when time is up', async t => {
  const other = await startApp();
  t.after(() => other.stop());
  other.environment.behaviour = async response => {
    writeChunk(response, textChunk('first'));
    await once(response, 'close');
  };
  const messages = [{ role: 'user', content: 'a' }];
  const response = await other.post('api/chat', { messages });
  await other.close(0);
  const events = parseEvents(await response.text());
  assert.deepEqual(events.at(-1), [
    'error',
    { message: 'The app is being stopped.' },
  ]);
});
