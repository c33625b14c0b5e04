import { setImmediate } from 'node:timers/promises';
import type { ChatMessage } from '../../../domain/Model';
import { answerFromText, NOTHING_FOUND, SELF_DESCRIPTION } from './answer';

const ARTICLE = `The city of Rotterdam opened a new bridge on 12 May 2021. The bridge carries trams, cyclists and pedestrians across the river. It cost 88 million euros, which was 6 million euros less than planned.

Dr. Anna de Vries designed the bridge. She said that the river decided its shape. Local shopkeepers had feared the noise. Many of them now say that trade has grown because the bridge brings visitors.

The old ferry stopped sailing in June. Some people miss the ferry.`;

const ask = (...contents: string[]) =>
  answerFromText(
    contents.map<ChatMessage>(content => ({ role: 'user', content })),
  );

describe('answerFromText', () => {
  describe('a question about a text', () => {
    it.each([
      ['How much did the bridge cost?', '88 million euros'],
      ['When did the ferry stop sailing?', 'stopped sailing in June'],
      ['Who designed it?', 'Dr. Anna de Vries designed the bridge.'],
      ['What had the shopkeepers feared?', 'feared the noise'],
      ['Why has trade grown?', 'because the bridge brings visitors'],
    ])('%s', (question, expected) => {
      expect(ask(`${ARTICLE}\n\n${question}`)).toContain(expected);
    });

    it.each([
      ['in front', `Who designed it?\n\n${ARTICLE}`],
      ['on the last line', `${ARTICLE}\nWho designed it?`],
      ['with labels', `Context:\n${ARTICLE}\n\nQuestion: Who designed it?`],
      [
        'on one line with the text',
        `Who designed it? ${ARTICLE.replace(/\n+/g, ' ')}`,
      ],
    ])('finds the question %s', (_where, prompt) => {
      expect(ask(prompt)).toContain('Anna de Vries designed');
    });

    it('reads a text that was sent before the question', () => {
      expect(ask(ARTICLE, 'Who designed it?')).toContain('Anna de Vries');
    });

    it('reads a context from the system prompt, but not its orders', () => {
      const answer = answerFromText([
        {
          role: 'system',
          content: `Answer briefly and design nothing. Context:\n${ARTICLE}`,
        },
        { role: 'user', content: 'Who designed it?' },
      ]);
      expect(answer).toContain('Anna de Vries');
      expect(answer).not.toContain('Answer briefly');
    });

    it('quotes the text word for word', () => {
      const flat = ARTICLE.replace(/\s+/g, ' ');
      for (const sentence of ask(`${ARTICLE}\n\nHow long is the bridge?`).split(
        /(?<=\.) (?=[A-Z])/,
      )) {
        expect(flat).toContain(sentence);
      }
    });

    it('says so when the text has nothing to do with it', () => {
      expect(ask(`${ARTICLE}\n\nWhat is photosynthesis?`)).toBe(NOTHING_FOUND);
    });
  });

  describe('a summary', () => {
    it('keeps the order of the text and is shorter', () => {
      const summary = ask(`Summarise the following text:\n\n${ARTICLE}`);
      expect(summary.length).toBeLessThan(ARTICLE.length / 2);
      const flat = ARTICLE.replace(/\s+/g, ' ');
      const places = summary
        .split(/(?<=\.) (?=[A-Z])/)
        .map(sentence => flat.indexOf(sentence));
      expect(places.every(place => place >= 0)).toBe(true);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    });

    it('holds as many sentences as were asked for', () => {
      const summary = ask(`Summarize in two sentences: ${ARTICLE}`);
      expect(summary.match(/\.(?= |$)/g)).toHaveLength(2);
    });

    it('comes as a list when asked for', () => {
      const list = ask(`List the 3 key points of this text:\n\n${ARTICLE}`);
      expect(list.split('\n')).toHaveLength(3);
      expect(list).toMatch(/^- /);
    });

    it('does not say the same thing twice', () => {
      const again = `${ARTICLE}\n\n${ARTICLE}`;
      const sentences = ask(`Summarise in 5 sentences:\n\n${again}`).split(
        /(?<=\.) (?=[A-Z])/,
      );
      expect(new Set(sentences).size).toBe(sentences.length);
    });

    it('is what a text without any instruction gets', () => {
      expect(ask(ARTICLE)).toContain('Rotterdam opened a new bridge');
    });
  });

  it.each([
    'Hello there',
    'What is the capital of Peru?',
    'Write me a poem',
    '',
  ])('says what it is when there is no text: %j', prompt => {
    expect(ask(prompt)).toBe(SELF_DESCRIPTION);
  });

  it('gives the same answer every time', () => {
    expect(ask(ARTICLE)).toBe(ask(ARTICLE));
  });

  it('refuses a text that is too long, saying how much it reads', () => {
    expect(() => ask('word '.repeat(100_000))).toThrow(/at most 400000/);
  });

  it.each([
    ['no spaces', 'x'.repeat(399_000)],
    ['only stops', '.'.repeat(399_000)],
    ['only questions', '?'.repeat(399_000)],
    ['only blanks', ' '.repeat(399_000)],
    ['many lines', 'a b.\n'.repeat(79_000)],
    ['many questions', 'is it so? '.repeat(39_000)],
  ])('takes a hostile text of %s in its stride', async (_what, text) => {
    expect(ask(`Summarise:\n\n${text}`)).not.toBe('');
    expect(ask(text)).not.toBe('');
    // Lets the test run into its timeout, should this have taken for ages.
    await setImmediate();
  });
});
