import { InputError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import type { LogEvent } from '../aws/Logs';

/** Place of a line among all of an environment. */
export type LogKey = Pick<LogEvent, 'at' | 'id'>;

/**
 * Which lines a reader has: all up to `position`, and some after it, by their digests.
 * Lines come in late and out of order, so that the newest ones say nothing about others.
 */
export type LogCursor = { position: LogKey; digests: string[] };

/** As many lines after its position as a cursor remembers: it has to fit into a query. */
export const MAX_REMEMBERED = 120;

const DIGEST_LENGTH = 7;
const UID_LENGTH = 8;
/** Longer than any id of an event. */
const ID_LENGTH = 80;

/** By time; of the same millisecond by id, which CloudWatch counts up. */
export function compareKeys(a: LogKey, b: LogKey): number {
  if (a.at !== b.at) return a.at - b.at;
  const [left, right] = [a, b].map(({ id }) => id.padStart(ID_LENGTH, '0'));
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** What a cursor remembers of a line. */
export function digestOf({ id }: Pick<LogEvent, 'id'>): string {
  return shortHash(id, DIGEST_LENGTH);
}

/** Text for whoever reads on. */
export function encodeCursor(uid: string, cursor: LogCursor): string {
  const { position, digests } = cursor;
  return [
    shortHash(uid, UID_LENGTH),
    position.at.toString(36),
    position.id,
    digests.join(''),
  ].join('.');
}

/** @throws InputError when it was not given out for the environment */
export function decodeCursor(uid: string, text: string): LogCursor {
  const [owner, at, id, digests] =
    /^([\w-]{8})\.([0-9a-z]{1,9})\.([\w-]{0,80})\.((?:[\w-]{7}){0,120})$/
      .exec(text)
      ?.slice(1) ?? [];
  if (owner !== shortHash(uid, UID_LENGTH)) {
    throw new InputError(
      'Query parameter "after" is not a cursor of the logs of this environment. Leave it out to begin with the newest lines.',
    );
  }
  return {
    position: { at: parseInt(at, 36), id },
    digests: digests.match(/.{7}/g) ?? [],
  };
}

function shortHash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
