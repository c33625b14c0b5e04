import { DONE, textChunk, USAGE_CHUNK } from '../../../testing/StubUpstream';
import { SseRelay } from './SseRelay';

const run = (relay: SseRelay, chunks: Buffer[]) =>
  Buffer.concat([
    ...chunks.map(chunk => relay.push(chunk)),
    relay.end(),
  ]).toString();

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
      expect(relay.textEvents).toBe(1);
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
      textEvents: 1,
      done: true,
      usage: { inputTokens: 1, outputTokens: 2 },
    });
  });

  it('keeps text that comes together with usage', () => {
    const relay = new SseRelay({ passUsage: false });
    const event =
      'data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n';
    expect(run(relay, [Buffer.from(event)])).toBe(event);
    expect(relay.usage).toEqual({ inputTokens: 1, outputTokens: 2 });
  });
});
