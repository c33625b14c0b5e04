import { boundInput, estimateInput } from './inputTokens';
import type { ChatMessage, ImagePart } from './Model';

const image: ImagePart = {
  type: 'image',
  mediaType: 'image/png',
  data: 'iVBO'.repeat(250_000),
};
const tool = {
  name: 'weather',
  description: 'Tells the weather of a city on a day of this week',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } } },
};
const question: ChatMessage = { role: 'user', content: 'one two three' };

describe('tokens of what is asked', () => {
  it('are those of all texts, results of tools included', () => {
    const messages: ChatMessage[] = [
      question,
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: '1', content: 'four' }],
      },
    ];
    expect(estimateInput({ messages })).toBe(4);
  });

  it('are 1600 for each image, however large, wherever it stands', () => {
    const messages: ChatMessage[] = [
      { role: 'user', content: [image, image] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: '1', content: [image] }],
      },
    ];
    expect(estimateInput({ messages })).toBe(3 * 1600);
    expect(boundInput({ messages })).toBe(3 * 1600);
  });

  it('are those of tools, too, no more than are held back for them', () => {
    const messages = [question];
    const without = estimateInput({ messages });
    const tools = Array(20).fill(tool);
    expect(estimateInput({ messages, tools })).toBeGreaterThan(
      without + 20 * 25,
    );
    expect(estimateInput({ messages, tools })).toBeLessThanOrEqual(
      boundInput({ messages, tools }),
    );
  });
});
