import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { findFreePort } from '../app/freePort';
import { resolveRuntimeEntry } from '../resolveRuntimeEntry';
import { makeDataDirectory } from './directories';
import { RuntimeClient } from './RuntimeClient';

/** How a process ended, and what it said until then. */
export type RuntimeExit = {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
};

export type SpawnOptions = {
  args?: string[];
  /** `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
};

const spawned = new Set<ChildProcess>();

/** Makes the bundle anew, so that tests never run an old one. */
export function buildRuntime(): void {
  execFileSync(process.execPath, ['build.mjs'], {
    // eslint-disable-next-line no-restricted-syntax -- tests run from the sources
    cwd: join(__dirname, '..', '..'),
    stdio: 'pipe',
  });
}

/** The bundle as a provisioner starts it, with nothing but the documented variables. */
export class SpawnedRuntime {
  readonly exited: Promise<RuntimeExit>;
  readonly client: RuntimeClient;
  private stdout = '';
  private stderr = '';

  private constructor(
    readonly child: ChildProcess,
    readonly port: number,
    readonly dataDirectory: string,
    readonly controlKey: string,
  ) {
    spawned.add(child);
    this.client = new RuntimeClient(`http://127.0.0.1:${port}`, controlKey);
    child.stdout!.on('data', chunk => (this.stdout += chunk));
    child.stderr!.on('data', chunk => (this.stderr += chunk));
    this.exited = once(child, 'close').then(([code, signal]) => {
      spawned.delete(child);
      return { code, signal, stdout: this.stdout, stderr: this.stderr };
    });
  }

  static async spawn(options: SpawnOptions = {}): Promise<SpawnedRuntime> {
    const { args = ['--services', 'all'], env = {} } = options;
    const port = Number(env.GENAI_PORT ?? (await findFreePort()));
    const dataDirectory =
      env.GENAI_DATA_DIRECTORY ?? (await makeDataDirectory());
    const controlKey = randomBytes(24).toString('hex');
    const child = spawn(process.execPath, [resolveRuntimeEntry(), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        GENAI_ENVIRONMENT_NAME: 'demo',
        GENAI_ENVIRONMENT_UID: 'uid-1',
        GENAI_DATA_DIRECTORY: dataDirectory,
        GENAI_PORT: String(port),
        GENAI_MODELS: '["local.extractive","local.embedding"]',
        GENAI_CONTROL_KEY: controlKey,
        ...env,
      },
    });
    return new SpawnedRuntime(child, port, dataDirectory, controlKey);
  }

  /** Resolves once it listens; rejects with what it said when it ends before. */
  async listening(): Promise<this> {
    const said = async () => {
      while (!this.stdout.includes('The runtime listens')) {
        await once(this.child.stdout!, 'data');
      }
    };
    const ended = this.exited.then(exit => {
      throw new Error(`Ended with ${exit.code}: ${exit.stderr}${exit.stdout}`);
    });
    await Promise.race([said(), ended]);
    return this;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** To be called after each test. */
export async function killSpawnedRuntimes(): Promise<void> {
  await Promise.all(
    [...spawned].map(async child => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) {
        await once(child, 'exit');
      }
    }),
  );
}
