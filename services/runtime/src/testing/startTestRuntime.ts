import { randomBytes } from 'node:crypto';
import { createLogger } from '@genai-environments/service-kit';
import { findFreePort } from '../app/freePort';
import { HOSTED_SERVICES, HOSTED_WORKERS, RuntimeConfig } from '../config';
import { startRuntime } from '../runtime';
import { makeDataDirectory } from './directories';
import { RuntimeClient } from './RuntimeClient';

export type TestRuntime = RuntimeClient & {
  config: RuntimeConfig;
  /** Everything that was logged. */
  logs(): string;
  shutdownRequested: jest.Mock;
  close(): Promise<void>;
};

const running: TestRuntime[] = [];

/** A whole runtime in this process, on a port of its own. */
export async function startTestRuntime(
  overrides: Partial<RuntimeConfig> = {},
): Promise<TestRuntime> {
  const port = await findFreePort();
  const config: RuntimeConfig = {
    environment: { name: 'demo', uid: 'uid-1' },
    services: [...HOSTED_SERVICES],
    workers: [...HOSTED_WORKERS],
    dataDirectory: overrides.dataDirectory ?? (await makeDataDirectory()),
    host: '127.0.0.1',
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    models: ['local.extractive', 'local.embedding'],
    upstreams: [],
    useEnvironmentProxy: false,
    controlKey: randomBytes(24).toString('hex'),
    configHash: 'hash-1',
    logLevel: 'debug',
    ...overrides,
  };
  const lines: string[] = [];
  const shutdownRequested = jest.fn();
  const runtime = await startRuntime({
    config,
    logger: createLogger({
      level: config.logLevel,
      destination: { write: line => lines.push(line) },
    }),
    inherited: process.env,
    onShutdownRequested: shutdownRequested,
  });
  const testRuntime: TestRuntime = Object.assign(
    new RuntimeClient(config.publicUrl, config.controlKey),
    {
      config,
      shutdownRequested,
      logs: () => lines.join(''),
      close: () => runtime.close(),
    },
  );
  running.push(testRuntime);
  return testRuntime;
}

/** To be called after each test. */
export async function closeTestRuntimes(): Promise<void> {
  await Promise.all(running.splice(0).map(runtime => runtime.close()));
}
