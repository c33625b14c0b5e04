import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readRuntimeFile } from './runtimeFile';

/** The provisioner's mark that the environment shall exist. */
export const ENVIRONMENT_FILE = 'environment.json';

/**
 * Why the runtime has no right to run (any more), as a sentence; `undefined` while it
 * has. Only what is certainly gone counts: an error of the disk is no teardown.
 */
async function findReasonToStop(options: {
  dataDirectory: string;
  directoryId: string;
  pid: number | undefined;
}): Promise<string | undefined> {
  const { dataDirectory, directoryId, pid } = options;
  const [directory, file] = await Promise.all([
    identify(dataDirectory),
    identify(join(dataDirectory, ENVIRONMENT_FILE)),
  ]);
  if (directory === 'gone') return 'The data directory is gone.';
  if (directory !== 'unknown' && directory !== directoryId) {
    return 'The data directory was replaced by another one.';
  }
  if (file === 'gone') {
    return `${ENVIRONMENT_FILE} is gone: the environment was torn down.`;
  }
  if (pid === undefined) return undefined;
  const owner = await readRuntimeFile(dataDirectory);
  return owner && owner.pid !== pid
    ? `Another runtime (process ${owner.pid}) has taken over the data directory.`
    : undefined;
}

/**
 * Watches over the runtime's right to run and calls `onLost` once when it ends.
 *
 * Looks again and again instead of watching for events: those get lost, depend on the
 * file system, and end with the directory.
 */
export async function startFence(options: {
  dataDirectory: string;
  /** Of a runtime that is the only one of its directory; worker processes may be several. */
  pid?: number;
  /** Default 400. */
  intervalMs?: number;
  onLost: (reason: string) => void;
}): Promise<{ stop(): void }> {
  const { dataDirectory, pid, intervalMs = 400, onLost } = options;
  const directoryId = await identify(dataDirectory);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    const reason = await findReasonToStop({ dataDirectory, directoryId, pid });
    if (stopped) return;
    if (reason === undefined) {
      timer = setTimeout(look, intervalMs);
    } else {
      stopped = true;
      onLost(reason);
    }
  };
  timer = setTimeout(look, intervalMs);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function identify(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'unknown';
  }
}
