import { answerCompletion, answerJson } from '../../testing/StubUpstream';
import { Harness, startHarness } from '../../testing/harness';

const HOUR_MS = 3_600_000;

describe('asynchronous invocations', () => {
  let harness: Harness;
  let now: number;

  beforeEach(async () => {
    now = Date.parse('2026-01-01T00:00:00Z');
    harness = await startHarness({ clock: { now: () => now } });
    await harness.model.service.start!();
  });
  afterEach(() => harness.close());

  async function submit(model = 'stub-chat'): Promise<string> {
    const { statusCode, json } = await harness.post('/model/async_invoke', {
      model_name: model,
      prompt: 'Hi',
    });
    expect(statusCode).toBe(200);
    return json.invocation_id;
  }
  async function output(id: string, clientId = 'app-1') {
    const answer = await harness.app.fastify.inject({
      url: `/model/async_output/${id}`,
      headers: await harness.auth.bearer({ clientId }),
    });
    return { status: answer.statusCode, json: answer.json() };
  }
  /** Polls as classic clients do: until it is something else than still running. */
  async function settled(id: string) {
    for (;;) {
      const answer = await output(id);
      if (answer.json.code !== 'still_running') return answer;
    }
  }

  it('answers 404 while it runs and the answer when it is done', async () => {
    let finish = () => {};
    harness.upstream.behave = (request, response) => {
      finish = () => answerCompletion('Done.')(request, response);
    };
    const id = await submit();
    const running = await output(id);
    expect(running.status).toBe(404);
    expect(running.json.detail).toContain('still running');

    while (harness.upstream.received.length === 0) await output(id);
    finish();
    expect(await settled(id)).toEqual({
      status: 200,
      json: { output_text: 'Done.', input_tokens: 11, output_tokens: 7 },
    });
    expect(await harness.booked()).toMatchObject([{ invocations: 1 }]);
  });

  it('does not tell another application that it exists', async () => {
    const id = await submit();
    await settled(id);
    const foreign = await output(id, 'app-2');
    const unknown = await output('11111111-1111-1111-1111-111111111111');
    expect(foreign.status).toBe(404);
    expect(foreign.json.detail).toBe(unknown.json.detail);
  });

  it('keeps a result for one hour', async () => {
    const id = await submit();
    await settled(id);
    now += HOUR_MS - 1;
    expect((await output(id)).status).toBe(200);
    now += 1;
    const expired = await output(id);
    expect(expired.status).toBe(404);
    expect(expired.json.detail).toContain('not found or has expired');
  });

  it('keeps a result over a restart', async () => {
    const id = await submit();
    const before = await settled(id);
    await harness.restart();
    expect(await output(id)).toEqual(before);
  });

  it('runs an accepted invocation again that a stop interrupted', async () => {
    harness.upstream.behave = () => {};
    const id = await submit();
    while (harness.upstream.received.length === 0) await output(id);
    await harness.restart();
    expect((await output(id)).json.code).toBe('still_running');

    harness.upstream.behave = answerCompletion('Second try.');
    await harness.model.service.start!();
    expect((await settled(id)).json.output_text).toBe('Second try.');
    expect(harness.upstream.received).toHaveLength(2);
  });

  it('tells a failure instead of leaving its caller waiting', async () => {
    harness.upstream.behave = answerJson(500, {});
    const failed = await settled(await submit());
    expect(failed.status).toBe(502);
    expect(failed.json).toMatchObject({
      code: 'invocation_failed',
      retryable: false,
    });
  });

  it('refuses an unknown model at once', async () => {
    const { statusCode } = await harness.post('/model/async_invoke', {
      model_name: 'nope',
      prompt: 'Hi',
    });
    expect(statusCode).toBe(404);
  });
});
