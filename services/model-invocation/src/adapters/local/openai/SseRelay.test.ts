import { DONE, textChunk, USAGE_CHUNK } from '../../../testing/StubUpstream';
import { SseRelay } from './SseRelay';

const run = (relay: SseRelay, chunks: Buffer[]) =>
  Buffer.concat([
    ...chunks.map(chunk => relay.push(chunk)),
    relay.end(),
  ]).toString();

function event(data: object): Buffer {
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
}

describe('SseRelay', () => {
  const stream = Buffer.from(
    textChunk('Grüße 世界') + textChunk('') + USAGE_CHUNK + DONE,
  );

  it('passes the same on however the bytes are cut', () => {
    const expected = textChunk('Grüße 世界') + textChunk('') + DONE;
    for (let at = 0; at <= stream.length; at++) {
      const relay = new SseRelay({ passUsage: false });
      const parts = [stream.subarray(0, at), stream.subarray(at)];
      expect(run(relay, parts)).toBe(expected);
      expect(relay.usage).toEqual({ inputTokens: 11, outputTokens: 2 });
      expect(relay.done).toBe(true);
      expect(relay.estimateOutput()).toBe(4);
    }
  });

  it('understands carriage returns and spaces after colons', () => {
    const relay = new SseRelay({ passUsage: false });
    const text =
      'data: {"choices": [{"delta": {"content": "a"}}], "usage": null}\r\n\r\n' +
      'data: {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}\r\n\r\n' +
      'data: [DONE]\r\n\r\n';
    expect(run(relay, [Buffer.from(text)])).not.toContain('prompt_tokens');
    expect(relay).toMatchObject({
      done: true,
      usage: { inputTokens: 1, outputTokens: 2 },
    });
    expect(relay.estimateOutput()).toBe(1);
  });

  it.each([
    ['a token in each event', ['a', ' b', 'c'], 'content', 3],
    ['many in one', [' word'.repeat(100)], 'content', 125],
    ['reasoning', ['x'.repeat(40)], 'reasoning', 10],
    ['quotes and backslashes', ['"\\\\" \\'], 'content', 3],
    ['nothing', ['', ''], 'content', 0],
  ])('estimates what was written: %s', (_, texts, member, tokens) => {
    const relay = new SseRelay({ passUsage: false });
    for (const text of texts) {
      const delta = { [member]: text, role: 'assistant' };
      relay.push(event({ choices: [{ delta }] }));
    }
    expect(relay.estimateOutput()).toBe(tokens);
  });

  it('counts once what is said twice', () => {
    const relay = new SseRelay({ passUsage: false });
    const delta = {
      reasoning: 'x'.repeat(8),
      reasoning_content: 'x'.repeat(8),
    };
    relay.push(event({ choices: [{ delta }] }));
    expect(relay.estimateOutput()).toBe(2);
  });

  it('keeps text that comes together with usage', () => {
    const relay = new SseRelay({ passUsage: false });
    const both =
      'data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n';
    expect(run(relay, [Buffer.from(both)])).toBe(both);
    expect(relay.usage).toEqual({ inputTokens: 1, outputTokens: 2 });
  });
});
