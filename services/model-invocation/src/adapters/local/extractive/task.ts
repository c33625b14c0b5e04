import { type ChatMessage, textOf } from '../../../domain/content';

/** What is to be done, and on which text. */
export type Task = {
  kind: 'summary' | 'question';
  /** The caller's own words; empty when only a text was sent. */
  instruction: string;
  /** The text to work on; empty when none was given. */
  material: string;
  /** How many sentences were asked for, when that was said. */
  sentences?: number;
  bullets: boolean;
};

const SUMMARY =
  /\b(summar\w*|tl;?dr|key (points|takeaways|facts|messages)|main (points|ideas?|messages?)|gist|condense|shorten|boil down|in short|in brief|overview|abstract|recap|zusammenfass\w*|fass\w* .*zusammen|r[ée]sum\w*)\b/i;
const IMPERATIVE =
  /^\s*(please\s+|can you\s+|could you\s+)?(summar\w*|list|extract|explain|describe|tell|find|give|name|answer|write|condense|shorten|recap|what|who|whom|whose|when|where|why|which|how|is|are|was|were|does|do|did|can|has|have|tl;?dr|fasse?|wer|was|wann|wo|warum|wie)\b/i;
const LABEL =
  /^\s*(?:<\/?\w+>|(?:text|context|document|passage|article|content|source)s?\s*:)\s*/i;
const QUESTION_LABEL = /^\s*(?:question|query|q|task|instruction)s?\s*:\s*/i;
const CONTEXT_MARK =
  /<(context|document|text|source)s?>|\b(context|document|passage|text|sources?|excerpts?)\s*:/i;

const NUMBERS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
];

/** A block of this many words is text to work on rather than an instruction. */
const MATERIAL_WORDS = 30;

/** Tells the instruction from the text in a conversation. */
export function readTask(messages: ChatMessage[]): Task {
  // What a tool answered is the caller's, too.
  const users = messages
    .filter(({ role }) => role === 'user' || role === 'tool')
    .map(({ content }) => textOf(content));
  const last = split(users.at(-1) ?? '');
  const earlier = users.slice(0, -1).map(text => split(text).material);
  const system = messages
    .filter(message => message.role === 'system')
    .map(message => systemMaterial(textOf(message.content)));

  const material = [...system, ...earlier, last.material]
    .filter(Boolean)
    .join('\n\n');
  const { instruction } = last;
  return {
    kind:
      instruction === '' || SUMMARY.test(instruction) ? 'summary' : 'question',
    instruction,
    material,
    sentences: countOf(instruction),
    bullets: /\b(bullet|list of|as a list|key points|takeaways)/i.test(
      instruction,
    ),
  };
}

function split(content: string): { instruction: string; material: string } {
  const blocks = content
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .flatMap(splitLabelled)
    .map(block => block.trim())
    .filter(Boolean);
  if (blocks.length === 0) return { instruction: '', material: '' };

  const instructions = new Set<number>();
  blocks.forEach((block, index) => {
    const atEdge = index === 0 || index === blocks.length - 1;
    if (QUESTION_LABEL.test(block) || (atEdge && isInstruction(block))) {
      instructions.add(index);
    }
  });
  // One short block and nothing else: whatever it is, it is what the caller wants.
  if (
    instructions.size === 0 &&
    blocks.length === 1 &&
    words(blocks[0]) < MATERIAL_WORDS
  ) {
    instructions.add(0);
  }
  const pick = (wanted: boolean) =>
    blocks.filter((_, index) => instructions.has(index) === wanted);
  return {
    instruction: pick(true)
      .map(block => block.replace(QUESTION_LABEL, ''))
      .join('\n'),
    material: pick(false)
      .map(block => block.replace(LABEL, '').replace(/<\/?\w+>\s*$/, ''))
      .filter(block => block.trim() !== '')
      .join('\n\n'),
  };
}

/**
 * Parts an instruction from a text in one block: `Summarise this: <text>`, an
 * instruction or question on a line of its own, and `Question: …` behind a text.
 */
function splitLabelled(block: string): string[] {
  const lines = block.split('\n');
  if (lines.length > 1) {
    const first = lines[0];
    const final = lines[lines.length - 1];
    if (isInstruction(first) || /:\s*$/.test(first)) {
      return [first, lines.slice(1).join('\n')];
    }
    if (isInstruction(final) || QUESTION_LABEL.test(final)) {
      return [lines.slice(0, -1).join('\n'), final];
    }
    return [block];
  }
  const colon = /^([^:.!?]{3,120}):\s+(\S[\s\S]*)$/.exec(block);
  if (colon && IMPERATIVE.test(colon[1]) && words(colon[2]) >= 8) {
    return [colon[1], colon[2]];
  }
  // A question in front of or behind the text it is about, on one line.
  const leading = /^([^.!?]{5,200}\?)\s+(\S[\s\S]*)$/.exec(block);
  if (leading && words(leading[2]) >= 8) return [leading[1], leading[2]];
  const trailing = /^([\s\S]*[.!?…])\s+([^.!?]{5,200}\?)$/.exec(block);
  if (trailing && words(trailing[1]) >= 8) return [trailing[1], trailing[2]];
  return [block];
}

function isInstruction(block: string): boolean {
  const trimmed = block.trim();
  if (words(trimmed) > 60) return false;
  if (QUESTION_LABEL.test(trimmed)) return true;
  if (LABEL.test(trimmed)) return false;
  if (/\?["')\]]*$/.test(trimmed)) return true;
  const short = words(trimmed) <= MATERIAL_WORDS;
  return (
    short &&
    ((IMPERATIVE.test(trimmed) &&
      !/^(is|was|are|were|has|have|do|did|does|can|was|wo)\b/i.test(trimmed)) ||
      (SUMMARY.test(trimmed) &&
        /[:.!]?$/.test(trimmed) &&
        words(trimmed) <= 20))
  );
}

/** System prompts mostly give orders; those that carry a context carry text. */
function systemMaterial(content: string): string {
  const mark = CONTEXT_MARK.exec(content);
  if (!mark) return '';
  return content
    .slice(mark.index + mark[0].length)
    .replace(/<\/\w+>[\s\S]*$/, '')
    .trim();
}

function countOf(instruction: string): number | undefined {
  const match =
    /\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|a single)\s+(?:\w+\s+)?(?:sentences?|bullets?|bullet points?|points|lines?|takeaways|facts)\b/i.exec(
      instruction,
    );
  if (!match) return undefined;
  const said = match[1].toLowerCase();
  const count = said === 'a single' ? 1 : NUMBERS.indexOf(said);
  const number = count >= 0 ? count : Number(said);
  return Math.min(Math.max(number, 1), 20);
}

function words(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}
