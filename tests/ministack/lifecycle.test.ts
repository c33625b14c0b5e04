/**
 * The whole life of an environment in each tier, asked for at the portal's REST API and made
 * by the bundled blueprints in ministack, an emulator of AWS by another team. Its endpoint
 * comes from `scripts/test-ministack.mjs`.
 */
import type { Tier } from '@genai-environments/backstage-plugin-genai-environments-common';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Account } from './support/Account';
import { EnvironmentStandIn } from './support/EnvironmentStandIn';
import { Portal, REGION } from './support/Portal';

const ENDPOINT = process.env.GENAI_TEST_MINISTACK!;
const MODEL = 'amazon.nova-lite-v1:0';
const TIERS: Tier[] = ['sandbox', 'standard', 'isolated'];

/** The token endpoint's host is one of Amazon's; its path is ministack's. */
async function requestToken(
  tokenUrl: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Promise<Response> {
  return fetch(new URL(new URL(tokenUrl).pathname, ENDPOINT), {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'genaifoundations/read',
    }),
  });
}

describe('environments in ministack', () => {
  const account = new Account();
  const standIn = new EnvironmentStandIn();
  let portal: Portal;
  let atFirst: string[];

  before(async () => {
    standIn.install();
    await account.bootstrap();
    atFirst = await account.inventory();
    portal = await Portal.start();
  });

  after(async () => {
    await portal?.stop();
    standIn.uninstall();
  });

  it('leaves out no type of resource, and replaces no attribute, without need', () => {
    assert.deepEqual(account.findNeedlessDrops(), []);
  });

  for (const tier of TIERS) {
    it(`creates, hibernates, wakes and removes one of tier ${tier}`, async () => {
      const name = `life-${tier}`;
      await portal.create({
        ...{ name, owner: 'user:default/mock', provisioner: 'aws' },
        ...{ tier, region: REGION, models: [MODEL] },
        services: ['model-invocation', 'prompt-management'],
      });
      const { status } = await portal.waitForPhase(name, 'Ready');
      assert.deepEqual(
        status.services.map(({ health }) => health),
        ['healthy', 'healthy'],
      );

      const credentials = await portal.reveal(name);
      const core = await account.outputsOf(`genai-${name}-core`);
      const { controlKey } = JSON.parse(
        await account.readSecret(core.ControlSecretArn),
      );
      assert.deepEqual(standIn.told.at(-1), {
        authorization: `Bearer ${controlKey}`,
        method: 'PUT',
        clientId: credentials.clientId,
      });
      const tokenUrl = status.outputs.tokenUrl!;
      const answer = await requestToken(tokenUrl, credentials);
      assert.equal(answer.status, 200);
      const { access_token: token } = await answer.json();
      const claims = JSON.parse(atob(token.split('.')[1]));
      assert.equal(claims.client_id, credentials.clientId);
      assert.equal(claims.scope, 'genaifoundations/read');
      const wrong = { ...credentials, clientSecret: 'wrong' };
      assert.equal((await requestToken(tokenUrl, wrong)).status, 400);

      await portal.act(name, 'hibernate');
      await portal.waitForPhase(name, 'Hibernated');
      const asleep = await account.inventory();
      assert.ok(asleep.includes(`stack genai-${name}-core`));
      assert.ok(!asleep.includes(`stack genai-${name}-services`));

      await portal.act(name, 'wake');
      // The address is not compared: a changed body makes ministack replace the REST API,
      // which AWS overwrites in place.
      await portal.waitForPhase(name, 'Ready');
      assert.equal((await requestToken(tokenUrl, credentials)).status, 200);

      await portal.delete(name);
      const tagged = await portal.waitUntilRemoved(name);
      assert.deepEqual(await account.inventory(), atFirst);
      // ministack goes on listing the tags of these when they are deleted, so the portal
      // keeps the record and names them; the inventory says that tables and services are gone.
      for (const arn of tagged)
        assert.match(arn, /^arn:aws:(dynamodb|ecs|kms):/);
    });
  }
});
