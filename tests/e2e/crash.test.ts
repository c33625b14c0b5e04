/**
 * Whatever dies, at whatever moment: what was begun completes by itself, once.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { buildAll } from './support/build';
import {
  accessToken,
  createReady,
  DELETED_TIMEOUT_MS,
  READY_TIMEOUT_MS,
  requestFor,
  revealSecret,
  runtimesOf,
  untilNoProcesses,
} from './support/environment';
import { filesBelow, isListening } from './support/leftovers';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { ADA } from './support/users';
import { waitFor } from './support/waitFor';

/** Events of an environment after which the power goes; 0 is right after the answer. */
const MOMENTS = [0, 1, 2, 3];

describe('crashes', () => {
  let portal: Portal;
  let ada: Session;

  before(async () => {
    await buildAll();
    portal = await Portal.create({ name: 'crash' });
    ada = await Session.signIn(portal, ADA);
  });

  after(() => portal?.dispose());

  /** Tears down what a test left and checks that nothing stays behind. */
  afterEach(async () => {
    const { items } = await ada.environments.listEnvironments({ limit: 200 });
    for (const { name } of items) await tearDown(name);
    await untilNoTrace();
  });

  async function tearDown(name: string) {
    await ada.environments.deleteEnvironment(name);
    await ada.untilPhase(name, ['Deleted'], { timeoutMs: DELETED_TIMEOUT_MS });
  }

  async function untilNoTrace() {
    await untilNoProcesses(portal);
    assert.deepEqual(runtimesOf(portal), []);
    assert.deepEqual(
      filesBelow(portal.directory).filter(file => /crash-/.test(file)),
      [],
    );
  }

  /** Follows events until `count` of them were seen, or nothing more comes. */
  async function untilEvents(name: string, count: number, from: number) {
    if (count === 0) return;
    const signal = AbortSignal.timeout(READY_TIMEOUT_MS);
    const events = ada.environments.watchEvents(
      name,
      { after: from },
      { signal },
    );
    for await (const { sequence, phase } of events) {
      if (sequence - from >= count) return;
      if (phase === 'Ready' && from === 0) return;
    }
  }

  for (const moment of MOMENTS) {
    it(`completes a create when the backend is killed after event ${moment}`, async () => {
      const name = `crash-create-${moment}`;
      await ada.environments.createEnvironment(await requestFor(ada, name));
      await untilEvents(name, moment, 0);
      await portal.kill();
      await portal.start();

      await ada.untilPhase(name, ['Ready'], { timeoutMs: READY_TIMEOUT_MS });
      const [runtime, ...others] = runtimesOf(portal);
      assert.deepEqual(others, []);
      const environment = await ada.environments.getEnvironment(name);
      assert.equal(
        new URL(environment.status.outputs.endpoint!).port,
        String(runtime.port),
      );
      const credentials = await revealSecret(ada, name);
      await accessToken(environment, credentials);
      await waitFor({
        what: 'the entity to be in the catalog',
        timeoutMs: 15_000,
        ask: () => ada.hasEntity('resource', name),
      });
    });
  }

  for (const moment of MOMENTS.slice(0, 3)) {
    it(`completes a teardown when the backend is killed after event ${moment}`, async () => {
      const name = `crash-delete-${moment}`;
      await createReady(ada, name);
      const [{ port, directory }] = runtimesOf(portal);
      const { items } = await ada.environments.listEvents(name);
      const last = items.at(-1)!.sequence;

      await ada.environments.deleteEnvironment(name);
      await untilEvents(name, moment, last);
      await portal.kill();
      await portal.start();

      await ada.untilPhase(name, ['Deleted'], {
        timeoutMs: DELETED_TIMEOUT_MS,
        after: last,
      });
      assert.equal(await isListening(port), false);
      assert.deepEqual(filesBelow(directory), []);
      await waitFor({
        what: 'the entity to be gone from the catalog',
        timeoutMs: 15_000,
        ask: async () => !(await ada.hasEntity('resource', name)),
      });
    });
  }

  it('adopts a running environment, and its users stay signed in, after a restart', async () => {
    const environment = await createReady(ada, 'crash-adopt');
    const [before_] = runtimesOf(portal);
    const credentials = await revealSecret(ada, 'crash-adopt');

    await portal.kill();
    // The environment needs no backend.
    await accessToken(environment, credentials);
    await portal.start();

    const adopted = await ada.environments.getEnvironment('crash-adopt');
    assert.equal(adopted.status.phase, 'Ready');
    assert.deepEqual(runtimesOf(portal), [before_]);
    await accessToken(adopted, credentials);
  });

  it('sees a killed runtime as Degraded within 10 s and brings it back', async () => {
    const environment = await createReady(ada, 'crash-runtime');
    const credentials = await revealSecret(ada, 'crash-runtime');
    const [{ pid }] = runtimesOf(portal);
    const { items } = await ada.environments.listEvents('crash-runtime');
    const last = items.at(-1)!.sequence;

    process.kill(pid, 'SIGKILL');
    const degraded = await ada.untilPhase('crash-runtime', ['Degraded'], {
      timeoutMs: 10_000,
      after: last,
    });
    await ada.untilPhase('crash-runtime', ['Ready'], {
      timeoutMs: READY_TIMEOUT_MS,
      after: degraded.sequence,
    });

    const [revived, ...others] = runtimesOf(portal);
    assert.deepEqual(others, []);
    assert.notEqual(revived.pid, pid);
    // Same address, same credentials.
    await accessToken(environment, credentials);
  });

  it('tears down an environment that is still being provisioned', async () => {
    await ada.environments.createEnvironment(
      await requestFor(ada, 'crash-early'),
    );
    await untilEvents('crash-early', 1, 0);
    await tearDown('crash-early');
    await untilNoTrace();
  });
});
