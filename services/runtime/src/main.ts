import { createLogger } from '@genai-environments/service-kit';
import {
  ConfigError,
  EXIT_CODES,
  isWorkerProcess,
  noProxyWithLoopback,
  PortTakenError,
  readConfig,
} from './config';
import { startFence } from './lifecycle/fence';
import { removeRuntimeFile, writeRuntimeFile } from './lifecycle/runtimeFile';
import { startRuntime } from './runtime';

/** After a signal: requests in flight get their time, then the process ends anyway. */
const SHUTDOWN_DEADLINE_MS = 10_000;

/** After teardown nobody waits for answers any more, and two seconds are promised. */
const FENCED_DEADLINE_MS = 1000;

async function main(): Promise<void> {
  // Nothing that the runtime writes is for others to read.
  process.umask(0o077);
  const config = readConfig(process.argv.slice(2), process.env);
  const logger = createLogger({
    level: config.logLevel,
    name: config.environment.name,
  });
  process.env.NO_PROXY = noProxyWithLoopback(process.env);
  process.env.no_proxy = process.env.NO_PROXY;
  const { dataDirectory, port, environment } = config;
  const { pid } = process;

  const runtime = await startRuntime({
    config,
    logger,
    inherited: process.env,
    onShutdownRequested: () => stop('The provisioner asked for it.'),
  });
  // Of what callers reach there is one per directory; worker processes come and go.
  const isOnly = !isWorkerProcess(config);
  if (isOnly) {
    await writeRuntimeFile(dataDirectory, {
      pid,
      port,
      uid: environment.uid,
      startedAt: runtime.startedAt.toISOString(),
      version: runtime.version,
    });
  }
  const fence = await startFence({
    dataDirectory,
    pid: isOnly ? pid : undefined,
    onLost: reason => stop(reason, FENCED_DEADLINE_MS),
  });
  process.on('SIGTERM', () => stop('SIGTERM was received.'));
  process.on('SIGINT', () => stop('SIGINT was received.'));
  const { services, workers } = config;
  logger.info({ port, services, workers }, 'The runtime listens');

  let stopping = false;
  function stop(reason: string, deadlineMs = SHUTDOWN_DEADLINE_MS): void {
    // The app's guard sees to the app when this process ends early.
    setTimeout(end, deadlineMs).unref();
    if (stopping) return;
    stopping = true;
    logger.info(`The runtime stops: ${reason}`);
    fence.stop();
    runtime
      .close()
      .catch(error => logger.error({ err: error }, 'Stopping went wrong'))
      .finally(end);
  }

  function end(): void {
    removeRuntimeFile(dataDirectory, pid).finally(() => process.exit(0));
  }
}

main().catch((error: Error) => {
  const isExpected =
    error instanceof ConfigError || error instanceof PortTakenError;
  process.stderr.write(`${isExpected ? error.message : error.stack}\n`);
  if (error instanceof ConfigError) process.exit(EXIT_CODES.configInvalid);
  if (error instanceof PortTakenError) process.exit(EXIT_CODES.portTaken);
  process.exit(EXIT_CODES.failed);
});
