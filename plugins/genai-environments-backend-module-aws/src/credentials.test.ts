import { TestDatabases } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import {
  type Plan,
  planSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { createCredentialsOf } from './createAwsProvisioner';
import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import { ACCOUNT, AwsWorld, REGION } from './testing/world/AwsWorld';
import { OWNER, startPortal } from './testing/world/startPortal';

jest.setTimeout(30_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

/** The account that the portal runs in. */
const PORTAL_ACCOUNT = '999988887777';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/genai-portal`;
const MAIN = {
  mainAccount: {
    ...{ accessKeyId: `AKIA${PORTAL_ACCOUNT}`, secretAccessKey: 'hidden' },
  },
};
const ENTRY = {
  accountId: ACCOUNT,
  roleName: 'genai-portal',
  externalId: 'x1',
};

/** From the section `aws` of the configuration to what people are told. */
describe('credentials, as the API tells of them', () => {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3'],
    disableDocker: true,
  });
  let world: AwsWorld;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  let stop: () => Promise<void>;
  /** The last plan. */
  let answered: Plan;

  beforeEach(async () => {
    world = await AwsWorld.create();
    world.aws.roles.set(ROLE, 'x1');
    process.env.AWS_ENDPOINT_URL_STS = world.aws.endpoint;
  });

  afterEach(async () => {
    delete process.env.AWS_ENDPOINT_URL_STS;
    await stop?.();
    await world.dispose();
  });

  async function start(aws: object) {
    const provisioner = world.createProvisioner({
      credentialsOf: createCredentialsOf(new ConfigReader({ aws })),
    });
    portal = await startPortal(provisioner, await databases.init('SQLITE_3'));
    stop = async () => {
      await portal.stop();
      await provisioner.shutdown();
    };
  }

  const plan = async () => {
    const { status, body } = await portal.post('/plan', {
      ...world.spec,
      ...{ name: 'weather', owner: OWNER },
    });
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toMatch(/hidden|does not answer/);
    answered = planSchema.parse(body);
    return answered.problems;
  };

  it('works with a role in the account', async () => {
    await start({ ...MAIN, accounts: [ENTRY] });
    expect(await plan()).toEqual([]);
    expect(answered.perUse).toEqual([
      { name: 'requests', unit: 'million', amount: 4.1 },
    ]);
    const query = `/models?provisioner=aws&region=${REGION}`;
    const { body } = await portal.get(query);
    expect(body.items).toHaveLength(2);
  });

  it.each<[string, () => object, RegExp]>([
    [
      'keys that have expired',
      () => {
        world.aws.expiredKeys.add(`AKIA${PORTAL_ACCOUNT}`);
        return { ...MAIN, accounts: [ENTRY] };
      },
      /does not accept the portal's credentials \(ExpiredToken.*Renew/,
    ],
    [
      'no entry for the account',
      () => ({ ...MAIN, accounts: [] }),
      /no entry for account 111122223333.*aws\.accounts/,
    ],
    [
      'no entry, and no credentials of the portal itself',
      () => {
        const profile = 'there-is-no-such-profile';
        return { mainAccount: { profile }, accounts: [] };
      },
      /no entry for account 111122223333.*aws\.accounts/,
    ],
    [
      'another external id than the role wants',
      () => ({ ...MAIN, accounts: [{ ...ENTRY, externalId: 'x2' }] }),
      /may not take on the role arn:aws:iam::111122223333:role\/genai-portal .*trust policy.*externalId/,
    ],
    [
      'an account that lacks the role',
      () => {
        world.aws.roles.clear();
        return { ...MAIN, accounts: [ENTRY] };
      },
      /may not take on the role arn:aws:iam::111122223333:role\/genai-portal .*trust policy.*externalId/,
    ],
  ])('tells of %s', async (_, prepare, message) => {
    await start(prepare());
    expect(await plan()).toEqual([
      {
        ...{ path: expect.any(String), code: 'unavailable' },
        message: expect.stringMatching(message),
      },
    ]);
    const query = `/models?provisioner=aws&region=${REGION}`;
    const { status, body } = await portal.get(query);
    expect(status).toBe(503);
    expect(body.error.message).toMatch(message);
    expect(JSON.stringify(body)).not.toMatch(/hidden/);
  });

  it('tells what the plan found where models cannot be listed', async () => {
    world.aws.faults.add(
      'deny',
      ({ operation }) => operation === 'ListFoundationModels',
      Infinity,
    );
    world.region.stacks.splice(0);
    await start({ ...MAIN, accounts: [ENTRY] });
    expect(await plan()).toEqual([
      {
        ...{ path: '', code: 'unavailable' },
        message: expect.stringMatching(/no finished stack genai-foundation/),
      },
    ]);
  });

  it('tells what keeps models from being listed where the plan finds nothing', async () => {
    world.aws.faults.add(
      'deny',
      ({ operation }) => operation === 'ListFoundationModels',
      Infinity,
    );
    await start({ ...MAIN, accounts: [ENTRY] });
    expect(await plan()).toEqual([
      {
        ...{ path: 'provisioner', code: 'unavailable' },
        message: expect.stringMatching(/bedrock:ListFoundationModels/),
      },
    ]);
  });

  it('tells nothing of what only waiting mends', async () => {
    world.aws.faults.add(
      'server-error',
      ({ operation }) => operation === 'ListFoundationModels',
      Infinity,
    );
    await start({ ...MAIN, accounts: [ENTRY] });
    const { status, body } = await portal.get(
      `/models?provisioner=aws&region=${REGION}`,
    );
    expect(status).toBe(503);
    expect(body.error.message).toBe(
      'The provisioner "aws" does not answer just now. Try again in a moment.',
    );
  });
});
