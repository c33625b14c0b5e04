import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@genai-environments/service-kit';
import type { ApplicationRegistry } from '../applications';
import { findAppEntry } from './appEntry';
import { appEnvironment, AppEnvironmentOptions } from './appEnvironment';
import { AppExit, AppProcess } from './AppProcess';
import type { BoundedLog } from './BoundedLog';
import { isAppUp } from './checkHealth';
import { findFreePort } from './freePort';

/** As `ServiceStatus` of the environment's API. */
export type AppStatus = {
  health: 'healthy' | 'unhealthy' | 'starting' | 'stopped';
  message?: string;
  startedAt?: string;
};

export type AppSupervisorOptions = {
  directory: string;
  registry: ApplicationRegistry;
  log: BoundedLog;
  logger: Logger;
  /** Everything of the app's environment that does not change between its starts. */
  environment: Omit<
    AppEnvironmentOptions,
    'port' | 'clientId' | 'clientSecret'
  >;
  timing?: Partial<SupervisorTiming>;
};

/** All in milliseconds. */
export type SupervisorTiming = {
  /** First wait before a restart; doubles with each one. */
  restartDelay: number;
  maxRestartDelay: number;
  /** An app that worked this long starts again with the first delay. */
  stableAfter: number;
  /** Between looks while it starts, and once it works. */
  startingInterval: number;
  healthInterval: number;
  healthTimeout: number;
  /** An app that did not answer this long is ended and started again. */
  hungAfter: number;
  stopGrace: number;
};

const TIMING: SupervisorTiming = {
  restartDelay: 500,
  maxRestartDelay: 30_000,
  stableAfter: 60_000,
  startingInterval: 40,
  healthInterval: 5000,
  healthTimeout: 3000,
  hungAfter: 60_000,
  stopGrace: 3000,
};

/**
 * Keeps the project's app running while its application exists: starts it with a
 * secret of its own, watches its health, starts it again when it ends.
 */
export class AppSupervisor {
  private readonly options: AppSupervisorOptions;
  private readonly timing: SupervisorTiming;
  private readonly stopping = new AbortController();
  private current?: AppProcess;
  private up = false;
  private retired = false;
  private status_: AppStatus = { health: 'starting' };
  private running: Promise<void> = Promise.resolve();

  constructor(options: AppSupervisorOptions) {
    this.options = options;
    this.timing = { ...TIMING, ...options.timing };
  }

  /** Where requests go; `undefined` while it cannot answer any. */
  get port(): number | undefined {
    return this.up ? this.current?.port : undefined;
  }

  /** Process id of the app while it runs. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  get status(): AppStatus {
    return this.status_;
  }

  /** Returns at once; {@link status} tells how it goes on. */
  start(): void {
    this.running = this.run().catch(error => {
      this.status_ = {
        health: 'unhealthy',
        message: 'The app is not supervised any more. See the log.',
      };
      this.options.logger.error(
        { err: error },
        'Supervision of the app failed',
      );
    });
  }

  /**
   * From now on the app is not started again, e.g. because a signal to the whole process
   * group ended it while the runtime still lets requests end.
   */
  retire(): void {
    this.retired = true;
  }

  /** Takes the app along; resolves when its process is gone. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await new Promise<void>(resolve => {
      this.options.log.end(resolve);
    });
    this.status_ = { health: 'stopped' };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let restarts = 0;
    while (!signal.aborted) {
      const clientId = await this.waitForApplication(signal);
      if (clientId === undefined || this.retired) return;

      const startedAt = Date.now();
      const ending = await this.runOnce(clientId, signal);
      if (signal.aborted || this.retired) return;
      if (this.options.registry.findProjectApp()?.clientId !== clientId) {
        continue;
      }
      if (Date.now() - startedAt > this.timing.stableAfter) restarts = 0;
      const waitMs = Math.min(
        this.timing.restartDelay * 2 ** restarts,
        this.timing.maxRestartDelay,
      );
      restarts += 1;
      this.status_ = {
        health: 'unhealthy',
        message: `${ending} It is started again within ${Math.ceil(
          waitMs / 1000,
        )} s; app.log in the data directory has its output.`,
      };
      this.options.logger.warn({ waitMs, restarts }, `App: ${ending}`);
      await delay(waitMs, undefined, { signal }).catch(() => {});
    }
  }

  private async waitForApplication(
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { registry } = this.options;
    while (!signal.aborted) {
      const application = registry.findProjectApp();
      if (application) return application.clientId;
      this.status_ = {
        health: 'starting',
        message: 'The app waits for its application.',
      };
      await once(registry, 'change', { signal }).catch(() => {});
    }
    return undefined;
  }

  /** From start to end of one process; says why it ended, as a sentence. */
  private async runOnce(
    clientId: string,
    signal: AbortSignal,
  ): Promise<string> {
    const { directory, registry, log, environment } = this.options;
    let process: AppProcess;
    try {
      const [entry, port] = await Promise.all([
        findAppEntry(directory),
        findFreePort(),
      ]);
      const clientSecret = randomBytes(32).toString('base64url');
      log.redact(clientSecret);
      registry.setOwnSecret(clientId, clientSecret);
      process = new AppProcess({
        entry,
        directory,
        port,
        log,
        environment: appEnvironment({
          ...environment,
          port,
          clientId,
          clientSecret,
        }),
      });
    } catch (error) {
      return (error as Error).message;
    }
    this.current = process;
    this.setHealth('starting');

    const over = new AbortController();
    const end = AbortSignal.any([signal, over.signal]);
    const leave = () => {
      if (registry.findProjectApp()?.clientId !== clientId) over.abort();
    };
    registry.on('change', leave);
    const watching = this.watch(process, end).then(() => {
      // Stopped from outside, hung, or its application is gone.
      return process.stop(this.timing.stopGrace);
    });
    const exit = await process.exited;
    registry.off('change', leave);
    over.abort();
    await watching;
    this.current = undefined;
    this.up = false;
    return describeExit(exit);
  }

  /** Looks at the app's health until the signal aborts or it has hung for too long. */
  private async watch(process: AppProcess, signal: AbortSignal): Promise<void> {
    const { timing } = this;
    let lastUp = Date.now();
    while (!signal.aborted) {
      const up = await isAppUp({
        port: process.port,
        path: '/app/health',
        timeoutMs: timing.healthTimeout,
        signal,
      });
      if (signal.aborted) return;
      if (up) {
        lastUp = Date.now();
        this.up = true;
        this.setHealth('healthy');
      } else if (this.up) {
        this.setHealth('unhealthy', 'GET /app/health does not answer "UP".');
      }
      if (Date.now() - lastUp > timing.hungAfter) return;
      const waitMs = up ? timing.healthInterval : timing.startingInterval;
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  private setHealth(health: AppStatus['health'], message?: string): void {
    this.status_ = {
      health,
      ...(message === undefined ? {} : { message }),
      ...(this.current && { startedAt: this.current.startedAt.toISOString() }),
    };
  }
}

function describeExit({ code, signal }: AppExit): string {
  if (signal) return `The app was ended by ${signal}.`;
  if (code === null) return 'The app could not be started.';
  return `The app ended with exit code ${code}.`;
}
