import { LimitExceededError } from '@genai-environments/service-kit';
import type { CallGate, PlannedCall } from '../ports/CallGate';
import { Harness, startHarness } from '../testing/harness';
import { answerJson, startStream, textChunk } from '../testing/StubUpstream';

const messages = [{ role: 'user', content: 'Hello' }];
const chat = { model: 'stub-chat', messages };
const retry = { baseDelayMs: 1, maxDelayMs: 1000 };

describe('the gate', () => {
  let harness: Harness;
  let planned: PlannedCall[];
  let settled: object[];
  let refuse: boolean;
  const gate: CallGate = {
    reserve(call) {
      if (refuse) {
        throw new LimitExceededError('Too many requests this minute.', {
          retryAfterSeconds: 7,
          code: 'requests_per_minute',
        });
      }
      planned.push(call);
      return {
        settle: usage => settled.push(usage),
        release: () => settled.push({ released: true }),
      };
    },
  };
  beforeEach(async () => {
    planned = [];
    settled = [];
    refuse = false;
    harness = await startHarness({ gate, retry });
  });
  afterEach(() => harness.close());

  const routes: Array<[string, object, number]> = [
    [
      '/model/invoke',
      { model_name: 'local.extractive', prompt: 'x', max_tokens: 9 },
      9,
    ],
    [
      '/model/invoke_with_raw_input',
      {
        model_id: 'local.extractive',
        raw_input: { prompt: 'x', max_tokens: 8 },
      },
      8,
    ],
    ['/model/embed', { model_name: 'local.embedding', input_text: 'x' }, 0],
    ['/v1/embeddings', { model: 'local.embedding', input: 'x' }, 0],
    ['/v1/chat/completions', { ...chat, max_tokens: 7, n: 2 }, 14],
    ['/v1/chat/completions', chat, 4096],
    [
      '/v1/chat/completions',
      { messages, model: 'local.extractive', stream: true },
      4096,
    ],
    ['/v1/messages', { ...chat, max_tokens: 6 }, 6],
    [
      '/v1/messages',
      { messages, model: 'local.extractive', max_tokens: 5, stream: true },
      5,
    ],
  ];

  it.each(routes)(
    'is asked before %s and told what was used',
    async (url, body, most) => {
      const { statusCode } = await harness.post(url, body);
      expect(statusCode).toBe(200);
      expect(planned).toEqual([
        expect.objectContaining({ maxOutputTokens: most }),
      ]);
      expect(planned[0].inputTokens).toBeGreaterThan(0);
      const [{ inputTokens, outputTokens }] = await harness.booked();
      expect(settled).toEqual([{ inputTokens, outputTokens, costMicroUsd: 0 }]);
    },
  );

  it.each(routes)('refuses %s with 429 and asks nobody', async (url, body) => {
    refuse = true;
    const { statusCode, headers, json } = await harness.post(url, body);
    expect(statusCode).toBe(429);
    expect(headers['retry-after']).toBe('7');
    expect(json.code).toBe('requests_per_minute');
    expect(json.error?.type).toBe(
      url.startsWith('/v1') ? 'rate_limit_error' : undefined,
    );
    expect(harness.upstream.received).toEqual([]);
    expect(await harness.booked()).toEqual([]);
  });

  it('is given everything back when the model fails', async () => {
    harness.upstream.behave = answerJson(500, {});
    await harness.post('/v1/chat/completions', chat);
    expect(settled).toEqual([{ released: true }]);
  });

  it('is told what a broken stream had used', async () => {
    harness.upstream.behave = (_request, response) => {
      startStream(response).end(textChunk('One') + textChunk('Two'));
    };
    await harness.post('/v1/chat/completions', { ...chat, stream: true });
    expect(settled).toMatchObject([{ outputTokens: 2 }]);
  });
});
