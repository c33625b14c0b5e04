import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';
import { stripVTControlCharacters } from 'node:util';
import { redactSecrets } from './redactSecrets';

/** What a page of logs carries of one line at most, in characters. */
const MAX_MESSAGE_LENGTH = 8 * 1024;
const MAX_DETAIL_LENGTH = 16 * 1024;
const MAX_SERVICE_LENGTH = 63;

/** Fields of structured lines that a line has a place for, or that say nothing. */
const OWN_FIELDS = new Set(
  'level time msg message name pid hostname service v'.split(' '),
);

/**
 * One line of text as a line of a log, without what looks like a key. Structured lines,
 * as pino writes them, say their time, level, service and message themselves; of any
 * other text, which may have several lines, all is message.
 *
 * @param known - what is known of the line beside its text; what it says itself wins
 */
export function toLogLine(
  text: string,
  known: Pick<LogLine, 'at' | 'service'>,
): Omit<LogLine, 'id'> {
  const plain = stripVTControlCharacters(text).trimEnd();
  const fields = parseFields(plain);
  const said = fields && (asText(fields.msg) ?? asText(fields.message));
  if (!fields || said === undefined) {
    return { ...known, message: shorten(redactSecrets(plain)) };
  }
  const service = asText(fields.service)?.slice(0, MAX_SERVICE_LENGTH);
  const level = toLevel(fields.level);
  const detail = toDetail(fields);
  return {
    at: toTime(fields.time) ?? known.at,
    ...((service || known.service) && { service: service || known.service }),
    ...(level && { level }),
    message: shorten(redactSecrets(withReason(said, fields.err))),
    ...(detail && { detail }),
  };
}

type Fields = Record<string, unknown>;

function parseFields(text: string): Fields | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Levels of pino are numbers; other loggers of an app write words. */
function toLevel(value: unknown): LogLine['level'] {
  if (typeof value === 'number') {
    if (value < 30) return 'debug';
    if (value < 40) return 'info';
    return value < 50 ? 'warn' : 'error';
  }
  switch (asText(value)?.toLowerCase()) {
    case 'trace':
    case 'debug':
      return 'debug';
    case 'info':
      return 'info';
    case 'warn':
    case 'warning':
      return 'warn';
    case 'error':
    case 'fatal':
      return 'error';
    default:
      return undefined;
  }
}

function toTime(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** What went wrong belongs to what is said about it. */
function withReason(message: string, error: unknown): string {
  const reason = asText((error as Fields | null | undefined)?.message);
  if (!reason || message.includes(reason)) return message;
  return message === '' ? reason : `${message}: ${reason}`;
}

function toDetail(fields: Fields): string | undefined {
  const rest = Object.entries(fields).filter(([key]) => !OWN_FIELDS.has(key));
  if (rest.length === 0) return undefined;
  const detail = redactSecrets(JSON.stringify(Object.fromEntries(rest)));
  return detail.length <= MAX_DETAIL_LENGTH
    ? detail
    : JSON.stringify({ shortened: `${detail.slice(0, MAX_DETAIL_LENGTH)}…` });
}

function shorten(text: string): string {
  return text.length <= MAX_MESSAGE_LENGTH
    ? text
    : `${text.slice(0, MAX_MESSAGE_LENGTH)}…`;
}
