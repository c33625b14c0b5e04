import { isWorkerProcess, type RuntimeConfig } from '../config';
import { startFence } from './fence';
import { removeRuntimeFile, writeRuntimeFile } from './runtimeFile';

/** The right of a runtime to its data directory. */
export type DirectoryClaim = {
  /** Looks no more whether it still has the right. */
  stop(): void;
  /** Takes back what says that it runs. */
  remove(): Promise<void>;
};

/**
 * Says in the data directory that this runtime runs, and watches over its right to. On AWS,
 * where nothing is kept there, it does nothing: whoever runs the task decides.
 */
export async function claimDirectory(options: {
  config: RuntimeConfig;
  pid: number;
  startedAt: Date;
  version: string;
  /** Called once when the right ends. */
  onLost: (reason: string) => void;
}): Promise<DirectoryClaim> {
  const { config, pid, startedAt, version, onLost } = options;
  const { dataDirectory, port, environment } = config;
  if (config.aws) return { stop() {}, async remove() {} };

  // Of what callers reach there is one per directory; worker processes come and go.
  const isOnly = !isWorkerProcess(config);
  if (isOnly) {
    await writeRuntimeFile(dataDirectory, {
      ...{ pid, port, version, uid: environment.uid },
      startedAt: startedAt.toISOString(),
    });
  }
  const fence = await startFence({
    dataDirectory,
    pid: isOnly ? pid : undefined,
    onLost,
  });
  return {
    stop: () => fence.stop(),
    remove: () => removeRuntimeFile(dataDirectory, pid),
  };
}
