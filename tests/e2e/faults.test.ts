/**
 * What can befall a running environment: it is told, and mended without anybody's help.
 */
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import { buildRuntime } from './support/build';
import {
  accessToken,
  createReady,
  READY_TIMEOUT_MS,
  revealSecret,
  runtimesOf,
} from './support/environment';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { appPids, runtimePids } from './support/traces';
import { ADA } from './support/users';
import { waitFor } from './support/waitFor';

const NAME = 'faulty';
/** Promised for every way in which an environment can break. */
const DEGRADED_TIMEOUT_MS = 10_000;

describe('faults of a running environment', () => {
  let portal: Portal;
  let ada: Session;
  let environment: Environment;
  let credentials: { clientId: string; clientSecret: string };
  let last: number;

  before(async () => {
    await buildRuntime();
    portal = await Portal.create({ name: 'faults' });
    ada = await Session.signIn(portal, ADA);
    environment = await createReady(ada, NAME);
    credentials = await revealSecret(ada, NAME);
  });

  after(() => portal?.dispose());

  beforeEach(async () => {
    last = (await ada.environments.listEvents(NAME)).items.at(-1)!.sequence;
  });

  async function untilDegraded(): Promise<string> {
    const { sequence, message } = await ada.untilPhase(NAME, ['Degraded'], {
      timeoutMs: DEGRADED_TIMEOUT_MS,
      after: last,
    });
    last = sequence;
    return message;
  }

  /** As before, under the same address: nobody who calls it has to change anything. */
  async function untilMended(): Promise<void> {
    await ada.untilPhase(NAME, ['Ready'], {
      timeoutMs: READY_TIMEOUT_MS,
      after: last,
    });
    await checkAsBefore();
  }

  async function checkAsBefore(): Promise<void> {
    const [runtime, ...others] = runtimesOf(portal);
    assert.deepEqual(others, []);
    assert.deepEqual(runtimePids(environment.uid), [runtime.pid]);
    const now = await ada.environments.getEnvironment(NAME);
    assert.deepEqual(now.status.outputs, environment.status.outputs);
    await accessToken(environment, credentials);
    const app = await fetch(`${environment.status.outputs.appUrl}health`);
    assert.equal(app.status, 200);
  }

  it('mends a runtime that hangs', async () => {
    const [{ pid }] = runtimesOf(portal);
    process.kill(pid, 'SIGSTOP');
    assert.match(await untilDegraded(), /does not answer/);
    await untilMended();
    assert.notEqual(runtimesOf(portal)[0].pid, pid);
  });

  it('lets a runtime that only paused go on', async () => {
    const [{ pid }] = runtimesOf(portal);
    process.kill(pid, 'SIGSTOP');
    await untilDegraded();
    process.kill(pid, 'SIGCONT');
    await untilMended();
    assert.equal(runtimesOf(portal)[0].pid, pid);
  });

  it('starts an app that was killed again, in the same runtime', async () => {
    const [{ pid }] = runtimesOf(portal);
    const [app] = appPids(pid);
    process.kill(app, 'SIGKILL');
    await waitFor({
      what: 'another app to answer',
      timeoutMs: DEGRADED_TIMEOUT_MS,
      ask: async () => {
        const [other] = appPids(pid);
        if (other === undefined || other === app) return false;
        const health = `${environment.status.outputs.appUrl}health`;
        return (await fetch(health)).ok;
      },
    });
    await checkAsBefore();
    assert.equal(runtimesOf(portal)[0].pid, pid);
  });

  for (const isLookedAt of [false, true]) {
    it(`comes back under its address when environment.json is removed${
      isLookedAt ? ' and looked for before the runtime notices' : ''
    }`, async () => {
      const [{ pid, directory }] = runtimesOf(portal);
      rmSync(join(directory, 'environment.json'));
      if (isLookedAt) {
        const description = 'A change is reconciled at once.';
        await ada.environments.updateEnvironment(NAME, { description });
      }
      await waitFor({
        what: 'environment.json to be back and its runtime to be Ready',
        timeoutMs: READY_TIMEOUT_MS,
        ask: async () => {
          const [runtime] = runtimesOf(portal);
          const isBack = existsSync(join(directory, 'environment.json'));
          if (!runtime || !isBack) return false;
          if (!isLookedAt && runtime.pid === pid) return false;
          const { generation, status } = await ada.environments.getEnvironment(
            NAME,
          );
          return (
            status.phase === 'Ready' && status.observedGeneration === generation
          );
        },
      });
      await checkAsBefore();
    });
  }

  it('keeps its address while another program has taken it, and says which', async () => {
    const [{ pid, port }] = runtimesOf(portal);
    await portal.kill();
    process.kill(pid, 'SIGKILL');
    const squatter = createServer(socket => socket.destroy());
    await waitFor({
      what: 'the port to be free',
      timeoutMs: 5_000,
      ask: () =>
        new Promise<boolean>(resolve => {
          squatter.once('error', () => resolve(false));
          squatter.listen(port, '127.0.0.1', () => resolve(true));
        }),
    });
    await portal.start();

    const portTaken = await waitFor({
      what: 'the environment to be Degraded by the taken port',
      timeoutMs: DEGRADED_TIMEOUT_MS,
      ask: async () => {
        const { status } = await ada.environments.getEnvironment(NAME);
        return status.conditions.find(({ reason }) => reason === 'PortTaken');
      },
    });
    assert.match(portTaken.nextAction ?? '', new RegExp(`127.0.0.1:${port}`));

    squatter.close();
    await once(squatter, 'close');
    await untilMended();
  });
});
