/**
 * Kills the backend at random moments of creates and teardowns, starts it again, and
 * looks at everything that could be wrong afterwards.
 *
 *   npm run soak -- --rounds 15 --tasks 5 --seed 42
 *
 * A round is one create and one teardown, each with a kill. `--tasks` rounds go through
 * the scaffolder; `--cancels` tasks more are cancelled at random moments. The seed of a
 * failed run repeats its moments.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { buildRuntime } from './support/build';
import {
  accessToken,
  DELETED_TIMEOUT_MS,
  environmentProcesses,
  READY_TIMEOUT_MS,
  requestFor,
  revealSecret,
  runtimesOf,
} from './support/environment';
import { Portal } from './support/portal';
import { randomNumbers } from './support/random';
import { Session } from './support/session';
import { cancelTask, startTask, taskEnd, taskLog } from './support/tasks';
import { Place, runtimePids, tracesOf } from './support/traces';
import { ADA } from './support/users';
import { waitFor } from './support/waitFor';

const LAST_MOMENT_MS = 1500;

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    tasks: { type: 'string', default: '5' },
    cancels: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});

class Soak {
  private readonly random = randomNumbers(Number(args.seed));

  private constructor(
    private readonly portal: Portal,
    private readonly ada: Session,
  ) {}

  static async start(): Promise<Soak> {
    await buildRuntime();
    const portal = await Portal.create({ name: 'soak' });
    return new Soak(portal, await Session.signIn(portal, ADA));
  }

  dispose() {
    return this.portal.dispose();
  }

  /** Lets something begin, kills the backend a random moment later, and starts it again. */
  private async interrupted(begin: () => Promise<unknown>): Promise<number> {
    const moment = this.moment();
    const begun = begin().catch(() => {
      // Cut off by the kill, at the latest.
    });
    await delay(moment);
    await this.portal.kill();
    await begun;
    await this.portal.start();
    return moment;
  }

  async createByApi(name: string): Promise<number> {
    const request = { ...(await requestFor(this.ada, name)), requestId: name };
    const create = () => this.ada.environments.createEnvironment(request);
    const moment = await this.interrupted(create);
    // Who got no answer asks again; the request id makes it the same request.
    await create();
    return moment;
  }

  async createByTask(name: string): Promise<number> {
    const values = await this.valuesFor(name);
    let id: string | undefined;
    const moment = await this.interrupted(async () => {
      id = await startTask(this.ada, values);
    });
    if (id && (await taskEnd(this.ada, id)) === 'completed') return moment;
    if (id)
      note(`task after ${moment} ms: ${lastLine(await taskLog(this.ada, id))}`);
    const again = await startTask(this.ada, values);
    const end = await taskEnd(this.ada, again);
    assert.equal(end, 'completed', await taskLog(this.ada, again));
    return moment;
  }

  /** Exactly one runtime, which answers with the credentials that are shown. */
  async checkReady(name: string): Promise<Place> {
    await this.ada.untilPhase(name, ['Ready'], { timeoutMs: READY_TIMEOUT_MS });
    const environment = await this.ada.environments.getEnvironment(name);
    assert.equal(environment.status.phase, 'Ready');
    const { uid } = environment;
    const pids = runtimePids(uid);
    const [runtime, ...others] = runtimesOf(this.portal);
    assert.deepEqual(others, []);
    assert.deepEqual(pids, [runtime.pid]);
    await accessToken(environment, await revealSecret(this.ada, name));
    const { items } = await this.ada.environments.listEnvironments();
    assert.deepEqual(
      items.map(item => item.name),
      [name],
    );
    return { name, uid, port: runtime.port };
  }

  async tearDown(place: Place): Promise<number> {
    const { items } = await this.ada.environments.listEvents(place.name);
    const last = items.at(-1)!.sequence;
    const remove = () => this.ada.environments.deleteEnvironment(place.name);
    const moment = await this.interrupted(remove);
    await remove().catch(error => {
      // Done by itself meanwhile.
      if (error.statusCode !== 404) throw error;
    });
    await this.ada.untilPhase(place.name, ['Deleted'], {
      timeoutMs: DELETED_TIMEOUT_MS,
      after: last,
    });
    return moment;
  }

  /** Cancels a task at a random moment: it is done in spite of that, or nothing is left. */
  async cancelled(name: string): Promise<string> {
    const id = await startTask(this.ada, await this.valuesFor(name));
    const moment = this.moment();
    await delay(moment);
    await cancelTask(this.ada, id);
    const end = await taskEnd(this.ada, id);
    if (end === 'completed') {
      await this.tearDown(await this.checkReady(name));
    }
    await this.checkGone({ name, uid: 'none' });
    return `cancelled after ${moment} ms, ${end}`;
  }

  private moment(): number {
    return Math.floor(this.random() * LAST_MOMENT_MS);
  }

  private async valuesFor(name: string) {
    const { owner, tier, models, services } = await requestFor(this.ada, name);
    return { name, owner, tier, models, services, publishTo: 'local' };
  }

  async checkGone(place: Place): Promise<void> {
    const { portal, ada: session } = this;
    let traces: string[] = [];
    await waitFor({
      what: 'all traces to be gone',
      timeoutMs: 15_000,
      ask: async () => {
        traces = await tracesOf({ portal, session, ...place });
        return traces.length === 0;
      },
    }).catch(() => {});
    assert.deepEqual(traces, []);
    assert.deepEqual(environmentProcesses(portal), []);
  }
}

function note(text: string) {
  process.stdout.write(`${text}\n`);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

async function main() {
  const rounds = Number(args.rounds);
  const tasks = Math.min(Number(args.tasks), rounds);
  note(`${rounds} rounds, ${tasks} through the scaffolder, seed ${args.seed}`);
  const soak = await Soak.start();
  try {
    for (let round = 0; round < rounds; round++) {
      const name = `soak-${round}`;
      const byTask = round < tasks;
      const created = byTask
        ? await soak.createByTask(name)
        : await soak.createByApi(name);
      const place = await soak.checkReady(name);
      const tornDown = await soak.tearDown(place);
      await soak.checkGone(place);
      note(
        `round ${round}${
          byTask ? ' (task)' : ''
        }: killed ${created} ms into the create, ${tornDown} ms into the teardown; well`,
      );
    }
    for (let round = 0; round < Number(args.cancels); round++) {
      const how = await soak.cancelled(`soak-cancelled-${round}`);
      note(`cancelled task ${round}: ${how}; well`);
    }
  } finally {
    await soak.dispose();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\nRepeat with --seed ${args.seed}\n`);
  process.exitCode = 1;
});
