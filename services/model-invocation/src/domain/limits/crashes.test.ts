import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@genai-environments/service-kit';
import { buildSync } from 'esbuild';
import { openModelDatabase } from '../../adapters/local/database';
import { SqliteLimitSettings } from '../../adapters/local/SqliteLimitSettings';
import { ENVIRONMENT } from './Limits';

const CAP = 5_000_000;
const KILLS = 8;
/** Largest reservation of `limitProcess.ts`. */
const CALL = 105;

describe('processes that are killed while they spend one budget', () => {
  let directory: string;
  let running: ChildProcess[];

  const script = () => join(directory, 'limitProcess.cjs');

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'limit-crashes-'));
    running = [];
    buildSync({
      entryPoints: [join(__dirname, '../../testing/limitProcess.ts')],
      outfile: script(),
      bundle: true,
      platform: 'node',
    });
    const database = openModelDatabase({ dataDirectory: directory });
    const settings = new SqliteLimitSettings({ database, clock: systemClock });
    await settings.put(ENVIRONMENT, { tokensPerDay: CAP });
    database.close();
  });
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  const file = () => join(directory, 'spent');

  async function start(): Promise<ChildProcess> {
    const args = [script(), directory, file()];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    await once(child.stdout!, 'data');
    return child;
  }

  function spent(): number {
    if (!existsSync(file())) return 0;
    const lines = readFileSync(file(), 'utf8').split('\n');
    return lines.reduce((sum, line) => sum + Number(line), 0);
  }

  it('never spend more than the cap, and lose little of it', async () => {
    for (let pair = 0; pair < KILLS / 2; pair += 1) {
      const victims = await Promise.all([start(), start()]);
      // At a random moment of their work: that is what is tested.
      await delay(Math.random() * 30);
      for (const victim of victims) {
        victim.kill('SIGKILL');
        await once(victim, 'exit');
      }
    }
    const spentByTheKilled = spent();
    expect(spentByTheKilled).toBeGreaterThan(0);
    expect(spentByTheKilled).toBeLessThan(CAP);

    const last = await Promise.all([start(), start()]);
    const ends = last.map(async child =>
      child.exitCode === null ? (await once(child, 'exit'))[0] : child.exitCode,
    );
    expect(await Promise.all(ends)).toEqual([0, 0]);
    const total = spent();
    expect(total).toBeLessThanOrEqual(CAP);
    const lostPerKill = Math.ceil(CAP / 256) + CALL;
    expect(total).toBeGreaterThanOrEqual(CAP - KILLS * lostPerKill - 2 * CALL);
  }, 120_000);
});
