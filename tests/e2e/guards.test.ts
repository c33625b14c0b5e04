/**
 * What must be refused, and what one team must not see of another's.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ResponseError } from '@backstage/errors';
import { buildAll } from './support/build';
import {
  accessToken,
  createReady,
  environmentProcesses,
  issueToken,
  requestFor,
  revealSecret,
  runtimesOf,
} from './support/environment';
import { filesContaining } from './support/leftovers';
import { Portal } from './support/portal';
import { RESULTS } from './support/paths';
import { Session } from './support/session';
import { ADA, GRACE, GUEST } from './support/users';

/** Asserts that a call was answered with `status` and a sentence that matches. */
async function refuses(call: Promise<unknown>, status: number, why?: RegExp) {
  await assert.rejects(call, (error: ResponseError) => {
    assert.equal(error.statusCode, status, error.message);
    if (why) assert.match(error.body.error.message, why);
    return true;
  });
}

describe('what is refused', () => {
  let portal: Portal;
  let ada: Session;
  let grace: Session;
  let guest: Session;

  before(async () => {
    await buildAll();
    portal = await Portal.create({ name: 'guards' });
    [ada, grace, guest] = await Promise.all(
      [ADA, GRACE, GUEST].map(user => Session.signIn(portal, user)),
    );
  });

  after(() => portal?.dispose());

  it('lets one of two creates with one name win; the other gets 409 and a sentence', async () => {
    const request = await requestFor(ada, 'contested');
    const results = await Promise.allSettled([
      ada.environments.createEnvironment({ ...request, requestId: 'first' }),
      ada.environments.createEnvironment({ ...request, requestId: 'second' }),
    ]);

    const refusals = results.filter(r => r.status === 'rejected');
    assert.equal(refusals.length, 1);
    await refuses(Promise.reject(refusals[0].reason), 409, /contested/);
    await ada.environments.deleteEnvironment('contested');
    await ada.untilPhase('contested', ['Deleted'], { timeoutMs: 45_000 });
  });

  it('refuses bad names, unknown models, foreign owners, and creates nothing', async () => {
    const good = await requestFor(ada, 'refused');
    const create = (change: object) =>
      ada.environments.createEnvironment({ ...good, ...change });

    await refuses(create({ name: 'Not_Good!' }), 400, /name/);
    await refuses(create({ models: ['no-such-model'] }), 400, /no-such-model/);
    await refuses(create({ models: [] }), 400, /model/);
    await refuses(create({ owner: 'group:default/platform' }), 403);
    await refuses(create({ expiresAfter: 'P400D' }), 400);

    const { items } = await ada.environments.listEnvironments();
    assert.deepEqual(
      items.map(({ name }) => name),
      [],
    );
    assert.deepEqual(environmentProcesses(portal), []);
  });

  it('shows an environment to another team, but no secret and no teardown', async () => {
    const environment = await createReady(ada, 'private');
    const { items } = await ada.environments.listApplications('private');
    const application = items.find(({ kind }) => kind === 'external')!;

    for (const other of [guest, grace]) {
      const seen = await other.environments.getEnvironment('private');
      assert.equal(seen.uid, environment.uid);
      await refuses(
        other.environments.revealSecret('private', application.id),
        403,
      );
      await refuses(
        other.environments.rotateApplication('private', application.id),
        403,
      );
    }
    await refuses(guest.environments.deleteEnvironment('private'), 403);
    await refuses(
      guest.environments.updateEnvironment('private', { description: 'mine' }),
      403,
    );
    const anonymous = await fetch(
      `${portal.url}/api/genai-environments/v1/environments/private`,
    );
    assert.equal(anonymous.status, 401);
  });

  it('reveals a secret once, and keeps it out of files, logs and databases', async () => {
    const environment = await ada.environments.getEnvironment('private');
    const revealed = await revealSecret(ada, 'private');
    await accessToken(environment, revealed);

    await refuses(revealSecret(ada, 'private'), 409);
    assert.deepEqual(
      filesContaining(portal.directory, revealed.clientSecret),
      [],
    );
    assert.deepEqual(filesContaining(RESULTS, revealed.clientSecret), []);
  });

  it('keeps two environments apart: a token of one is worthless at the other', async () => {
    const first = await ada.environments.getEnvironment('private');
    const second = await createReady(ada, 'neighbour');
    const { items } = await ada.environments.listApplications('neighbour');
    const application = items.find(({ kind }) => kind === 'external')!;
    const credentials = await ada.environments.revealSecret(
      'neighbour',
      application.id,
    );
    const token = await accessToken(second, credentials);
    const listModels = (environment: typeof first, bearer: string) =>
      fetch(`${environment.status.outputs.endpoint}/v1/models`, {
        headers: { Authorization: `Bearer ${bearer}` },
      });

    assert.equal((await listModels(second, token)).status, 200);
    assert.equal((await listModels(first, token)).status, 401);
    assert.equal((await issueToken(first, credentials)).status, 401);
    assert.equal(new Set(runtimesOf(portal).map(({ port }) => port)).size, 2);
  });

  it('lets the platform group tear down what others own', async () => {
    await grace.environments.deleteEnvironment('neighbour');
    await grace.untilPhase('neighbour', ['Deleted'], { timeoutMs: 45_000 });
    await refuses(ada.environments.getEnvironment('neighbour'), 404);
  });

  it('stops at the quota of an owner', async () => {
    const { maxEnvironmentsPerOwner } = await ada.environments.getLimits();
    const { items } = await ada.environments.listEnvironments({
      owner: ADA.group,
    });
    const names = Array.from(
      { length: maxEnvironmentsPerOwner - items.length },
      (_, index) => `quota-${index}`,
    );
    for (const name of names) {
      await ada.environments.createEnvironment(await requestFor(ada, name));
    }

    await refuses(
      ada.environments.createEnvironment(await requestFor(ada, 'too-many')),
      400,
      new RegExp(`${maxEnvironmentsPerOwner}`),
    );
  });
});
