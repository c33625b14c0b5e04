import { redactSecrets } from '@genai-environments/backstage-plugin-genai-environments-node';
import { FileHandle, open, rename, stat } from 'node:fs/promises';
import { splitStamp } from './stampedLine';

const MAX_BYTES = 5 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
const MAX_LINE_LENGTH = 300;

/** Keeps the log of earlier starts from growing without bound: one older file stays. */
export async function rotateLog(path: string): Promise<void> {
  const size = await stat(path).then(
    stats => stats.size,
    () => 0,
  );
  if (size > MAX_BYTES) await rename(path, `${path}.1`);
}

/** Opens a log to be appended to, behind the last line, also where that was cut off. */
export async function openLog(path: string): Promise<FileHandle> {
  const log = await open(path, 'a+', 0o600);
  const { size } = await log.stat();
  if (size > 0) {
    const last = Buffer.alloc(1);
    await log.read({ buffer: last, position: size - 1 });
    if (last.toString() !== '\n') await log.write('\n');
  }
  return log;
}

/**
 * The last line of a log as a sentence for people: the message of a structured line,
 * without anything that looks like a secret. Empty when there is none.
 */
export async function readLastLogLine(path: string): Promise<string> {
  const text = await readTail(path);
  const lines = text
    .split('\n')
    .map(line => splitStamp(line).text)
    .filter(line => line.trim() !== '');
  // Of an uncaught error the last line is an empty frame; its message comes first.
  const line =
    [...lines]
      .reverse()
      .find(candidate => !/^\s{2}|^[}\]]|^Node\.js v/.test(candidate)) ?? '';
  return redactSecrets(messageOf(line).trim()).slice(0, MAX_LINE_LENGTH);
}

async function readTail(path: string): Promise<string> {
  let file;
  try {
    file = await open(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await file.read({
      buffer: Buffer.alloc(length),
      position: size - length,
    });
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

function messageOf(line: string): string {
  try {
    const { msg, err } = JSON.parse(line);
    const reason = typeof err?.message === 'string' ? `: ${err.message}` : '';
    return typeof msg === 'string' ? `${msg}${reason}` : '';
  } catch {
    return line;
  }
}
