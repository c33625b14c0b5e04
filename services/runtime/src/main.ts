import { inspect } from 'node:util';
import { createLogger } from '@genai-environments/service-kit';
import {
  ConfigError,
  EXIT_CODES,
  noProxyWithLoopback,
  PortTakenError,
  readConfig,
} from './config';
import { claimDirectory } from './lifecycle/claimDirectory';
import { type StopOrder, StopOrders } from './lifecycle/StopOrders';
import { startRuntime } from './runtime';

/** After a signal: requests in flight get their time, then the process ends anyway. */
const SHUTDOWN_DEADLINE_MS = 10_000;

/** After teardown nobody waits for answers any more, and two seconds are promised. */
const FENCED_DEADLINE_MS = 1000;

async function main(): Promise<void> {
  // Nothing that the runtime writes is for others to read.
  process.umask(0o077);
  // From here on: who ends it while it starts is obeyed as soon as there is something to stop.
  const orders = new StopOrders();
  const order = (reason: string, deadlineMs = SHUTDOWN_DEADLINE_MS) =>
    orders.give({ reason, deadlineMs });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => order(`${signal} was received.`));
  }
  const config = readConfig(process.argv.slice(2), process.env);
  const logger = createLogger({
    level: config.logLevel,
    name: config.environment.name,
  });
  process.env.NO_PROXY = noProxyWithLoopback(process.env);
  process.env.no_proxy = process.env.NO_PROXY;
  const runtime = await startRuntime({
    config,
    logger,
    inherited: process.env,
    onShutdownRequested: () => order('The provisioner asked for it.'),
  });
  const claim = await claimDirectory({
    ...{ config, pid: process.pid },
    startedAt: runtime.startedAt,
    version: runtime.version,
    onLost: reason => order(reason, FENCED_DEADLINE_MS),
  });
  const { port, services, workers } = config;
  logger.info({ port, services, workers }, 'The runtime listens');

  let stopping = false;
  orders.obeyBy(stop);

  function stop({ reason, deadlineMs }: StopOrder): void {
    // The app's guard sees to the app when this process ends early.
    setTimeout(end, deadlineMs).unref();
    if (stopping) return;
    stopping = true;
    logger.info(`The runtime stops: ${reason}`);
    claim.stop();
    runtime
      .close()
      .catch(error => logger.error({ err: error }, 'Stopping went wrong'))
      .finally(end);
  }

  function end(): void {
    claim.remove().finally(() => process.exit(0));
  }
}

main().catch((error: Error) => {
  const isExpected =
    error instanceof ConfigError || error instanceof PortTakenError;
  process.stderr.write(`${isExpected ? error.message : inspect(error)}\n`);
  if (error instanceof ConfigError) process.exit(EXIT_CODES.configInvalid);
  if (error instanceof PortTakenError) process.exit(EXIT_CODES.portTaken);
  process.exit(EXIT_CODES.failed);
});
