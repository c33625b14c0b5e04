import { DONE, TOOL_CALL_STREAM } from '../../../testing/StubUpstream';
import type { GenerationPart } from '../../../domain/Model';
import { ChunkReader } from './ChunkReader';
import { SseReader } from './SseReader';

const noUsage = () => ({ inputTokens: 0, outputTokens: 0 });

function read(pieces: Buffer[]): GenerationPart[] {
  const events = new SseReader();
  const chunks = new ChunkReader('m');
  const parts: GenerationPart[] = [];
  for (const piece of pieces) {
    for (const data of events.push(piece)) parts.push(...chunks.read(data));
  }
  for (const data of events.end()) parts.push(...chunks.read(data));
  return [...parts, ...chunks.end(noUsage)];
}

const event = (delta: object) =>
  JSON.stringify({ choices: [{ delta, finish_reason: null }] });
const call = (index: number, id: string) => ({
  tool_calls: [{ index, id, function: { name: 'f', arguments: '{}' } }],
});

describe('reading a streamed chat completion', () => {
  const bytes = Buffer.from(
    TOOL_CALL_STREAM.join('').replace('Let me look.', 'Größe 🙂?'),
  );
  const expected = [
    { type: 'text-delta', text: 'Größe 🙂?' },
    { type: 'tool-call-start', toolCallId: 'call_1', toolName: 'weather' },
    { type: 'tool-call-delta', toolCallId: 'call_1', inputDelta: '{"city":' },
    { type: 'tool-call-delta', toolCallId: 'call_1', inputDelta: '"Bonn"}' },
    { type: 'tool-call-end', toolCallId: 'call_1' },
    {
      type: 'finish',
      finishReason: 'tool-calls',
      inputTokens: 11,
      outputTokens: 2,
    },
  ];

  it('gives the same parts wherever the bytes are cut', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(
        expected,
      );
    }
  });

  it('reads line ends of both kinds', () => {
    const crlf = Buffer.from(bytes.toString().replace(/\n/g, '\r\n'));
    expect(read([crlf])).toEqual(expected);
  });

  it('keeps the parts of each call together', () => {
    const reader = new ChunkReader('m');
    const parts = [
      ...reader.read(event(call(0, 'a'))),
      ...reader.read(event(call(1, 'b'))),
    ];
    expect(parts.map(part => part.type)).toEqual([
      'tool-call-start',
      'tool-call-delta',
      'tool-call-end',
      'tool-call-start',
      'tool-call-delta',
    ]);
    expect(() => reader.read(event(call(0, 'a')))).toThrow(/cannot be under/);
  });

  it.each(['{"choices":', '[]', '{"choices":[{"delta":{"content":1}}]}'])(
    'refuses %s',
    data => {
      expect(() => new ChunkReader('m').read(data)).toThrow(/cannot be under/);
    },
  );

  it('needs the server to say that it is done', () => {
    const reader = new ChunkReader('m');
    reader.read(event({ content: 'x' }));
    expect(() => reader.end(noUsage)).toThrow(/too early/);
    expect(read([Buffer.from(DONE)])).toEqual([
      { type: 'finish', finishReason: 'other', ...noUsage() },
    ]);
  });
});
