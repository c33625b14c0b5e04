import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './freePort';
import { processesOf } from './leftovers';
import { RESULTS, ROOT } from './paths';
import { waitFor } from './waitFor';

const NODE_TRANSFORM = require.resolve(
  '@backstage/cli-node/config/nodeTransform.cjs',
);
const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * A portal of its own: backend on a free port with the built frontend, and every file
 * it writes below a fresh directory. Can be killed and started again on the same data.
 */
export class Portal {
  private child?: ChildProcess;

  private constructor(
    readonly url: string,
    /** Everything the portal and its environments write. */
    readonly directory: string,
    readonly logFile: string,
    private readonly configFile: string,
    private readonly variables: Record<string, string>,
  ) {}

  /** Builds nothing: see `buildAll`. */
  static async create(options: {
    name: string;
    /** Added to `genaiEnvironments.local`. */
    local?: object;
    /** Added to the backend's environment. */
    variables?: Record<string, string>;
  }): Promise<Portal> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const directory = mkdtempSync(join(tmpdir(), `genai-e2e-${options.name}-`));
    mkdirSync(RESULTS, { recursive: true });
    mkdirSync(join(directory, 'tmp'));
    const configFile = join(directory, 'app-config.e2e.yaml');
    // JSON is YAML.
    writeFileSync(
      configFile,
      JSON.stringify(overlay({ url, port, directory, local: options.local })),
    );
    const portal = new Portal(
      url,
      directory,
      join(RESULTS, `${options.name}.portal.log`),
      configFile,
      options.variables ?? {},
    );
    await portal.start();
    return portal;
  }

  /** Absent while it does not run. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the backend and resolves once it answers requests. */
  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        '--enable-source-maps',
        '--require',
        NODE_TRANSFORM,
        'src/index.ts',
        '--config',
        join(ROOT, 'app-config.yaml'),
        '--config',
        this.configFile,
      ],
      {
        cwd: join(ROOT, 'packages/backend'),
        env: {
          ...process.env,
          ...this.variables,
          NODE_ENV: 'development',
          NODE_OPTIONS: '',
          // Inherited by everything that is started: marks it as this portal's.
          TMPDIR: join(this.directory, 'tmp'),
          NODE_TEST_CONTEXT: undefined,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.child = child;
    const log = createWriteStream(this.logFile, { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });

    await waitFor({
      what: `the portal to be ready (see ${this.logFile})`,
      timeoutMs: START_TIMEOUT_MS,
      ask: async () => {
        if (child.exitCode !== null) {
          throw new Error(`The portal did not start: see ${this.logFile}`);
        }
        return this.isReady();
      },
    });
  }

  /** As a crash or the power button would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** As Ctrl+C would. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Stops the portal and removes its files, upon which environments end by themselves. */
  async dispose(): Promise<void> {
    if (this.child) await this.stop();
    const remove = () =>
      rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
    await remove();
    await waitFor({
      what: 'environments to end after their files were removed',
      timeoutMs: 10_000,
      ask: () => processesOf(this.directory).length === 0,
    });
    await remove();
  }

  private async isReady(): Promise<boolean> {
    try {
      const response = await fetch(
        `${this.url}/.backstage/health/v1/readiness`,
      );
      return response.ok;
    } catch {
      return false;
    }
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exit;
    clearTimeout(insist);
  }
}

function overlay(options: {
  url: string;
  port: number;
  directory: string;
  local?: object;
}) {
  return {
    app: { baseUrl: options.url },
    backend: {
      baseUrl: options.url,
      listen: { host: '127.0.0.1', port: options.port },
      cors: { origin: options.url },
      database: {
        client: 'better-sqlite3',
        connection: { directory: join(options.directory, 'db') },
      },
    },
    genaiEnvironments: {
      local: {
        ...options.local,
        dataDirectory: join(options.directory, 'environments'),
      },
    },
  };
}
