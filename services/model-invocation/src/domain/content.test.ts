import { ChatMessage, textOf, toConversation } from './content';

const image = {
  type: 'image' as const,
  mediaType: 'image/png' as const,
  data: 'AAAA',
};
const call = {
  type: 'tool-call' as const,
  toolCallId: 'c1',
  toolName: 'add',
  input: { a: 1 },
};

describe('toConversation', () => {
  it('collects what system messages say and joins neighbours of one side', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Add.' },
      { role: 'user', content: [image] },
      { role: 'assistant', content: [call] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c1', content: '2' }],
      },
      { role: 'user', content: 'And now?' },
      { role: 'system', content: 'Be kind.' },
    ];
    expect(toConversation(messages)).toEqual({
      system: ['Be short.', 'Be kind.'],
      turns: [
        { role: 'user', content: [{ type: 'text', text: 'Add.' }, image] },
        { role: 'assistant', content: [call] },
        {
          role: 'user',
          content: [
            { type: 'tool-result', toolCallId: 'c1', content: '2' },
            { type: 'text', text: 'And now?' },
          ],
        },
      ],
    });
  });

  it('leaves the messages as they were', () => {
    const content: ChatMessage[] = [
      { role: 'user', content: [image] },
      { role: 'user', content: 'What is it?' },
    ];
    toConversation(content);
    expect(content[0].content).toEqual([image]);
  });
});

describe('textOf', () => {
  it('reads texts, calls and results, and counts images as nothing', () => {
    expect(
      textOf([
        { type: 'text', text: 'one' },
        image,
        call,
        {
          type: 'tool-result',
          toolCallId: 'c1',
          content: [{ type: 'text', text: 'two' }, image],
        },
      ]),
    ).toBe('one\nadd {"a":1}\ntwo');
  });
});
