import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const SAMPLE_MS = 50;

/**
 * The most memory that a process and all that it started had resident at one moment while
 * something ran, in MiB. What is mapped from files, which they share, counts once: as much as
 * the process has that has most of it. Linux only.
 */
export async function peakMemory<T>(
  pid: number,
  work: Promise<T>,
): Promise<{ value: T; peakMiB: number }> {
  let peakMiB = 0;
  let ended = false;
  const value = work.finally(() => (ended = true));
  while (!ended) {
    peakMiB = Math.max(peakMiB, residentMiB(treeOf(pid)));
    await Promise.race([value, delay(SAMPLE_MS)]);
  }
  return { value: await value, peakMiB: Math.round(peakMiB) };
}

function treeOf(root: number): number[] {
  const tree = [root];
  for (const pid of tree) tree.push(...childrenOf(pid));
  return tree;
}

/** Of all threads: each lists what it started itself. */
function childrenOf(pid: number): number[] {
  return unlessGone([], () =>
    readdirSync(`/proc/${pid}/task`).flatMap(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    ),
  );
}

function residentMiB(pids: number[]): number {
  let own = 0;
  let shared = 0;
  for (const pid of pids) {
    const status = unlessGone('', () =>
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    );
    const kiB = (field: string) =>
      Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    own += kiB('RssAnon') + kiB('RssShmem');
    shared = Math.max(shared, kiB('RssFile'));
  }
  return (own + shared) / 1024;
}

/** Processes end between two looks. */
function unlessGone<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return otherwise;
    throw error;
  }
}
