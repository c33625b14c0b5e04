import type { CreateEnvironmentRequest } from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { AwsProvisioner } from './AwsProvisioner';
import { FakeAws } from './testing/fakeAws/FakeAws';
import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import { ACCOUNT, AwsWorld, REGION } from './testing/world/AwsWorld';

jest.setTimeout(30_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

describe('the plan', () => {
  let world: AwsWorld;
  let provisioner: AwsProvisioner;
  let request: CreateEnvironmentRequest;

  beforeEach(async () => {
    world = await AwsWorld.create();
    provisioner = world.createProvisioner();
    request = { ...world.spec, name: 'weather', owner: 'group:default/a' };
  });

  afterEach(async () => {
    await provisioner.shutdown();
    await world.dispose();
  });

  const problems = async () => {
    const plan = await provisioner.plan(request);
    expect(world.region.live().map(({ name }) => name)).toEqual(
      expect.not.arrayContaining(['genai-weather-services']),
    );
    return plan.problems.map(({ path, code, message }) => [
      path,
      code,
      message,
    ]);
  };

  it('tells resources and costs', async () => {
    const plan = await provisioner.plan(request);
    expect(plan.problems).toEqual([]);
    expect(plan.monthlyCost).toMatchObject({ amount: 61, currency: 'USD' });
    expect(plan.monthlyCost.note).toMatch(/Hibernated .* 3 USD/);
    expect(plan.perUse).toEqual([
      { name: 'requests', unit: 'million', amount: 4.1 },
    ]);
    expect(plan.resources).toContainEqual({
      type: 'AWS::ECS::Service',
      name: '3 ×',
      description: 'ECS service',
    });
  });

  it('refuses credentials that have expired, and those of another account', async () => {
    world.aws.expiredKeys.add(`AKIA${ACCOUNT}`);
    expect(await problems()).toEqual([
      [
        '',
        'unavailable',
        expect.stringMatching(/credentials .*Expired.* platform team/),
      ],
    ]);
    await provisioner.shutdown();
    provisioner = world.createProvisioner({
      credentialsOf: () => async () => FakeAws.credentialsOf('999999999999'),
    });
    expect(await problems()).toEqual([
      [
        '',
        'unavailable',
        expect.stringMatching(/belong to account 999999999999/),
      ],
    ]);
  });

  it('refuses an account that is not bootstrapped', async () => {
    world.region.stacks.splice(0);
    expect(await problems()).toEqual([
      [
        '',
        'unavailable',
        expect.stringMatching(/no finished stack genai-foundation/),
      ],
    ]);
  });

  it('refuses when the blueprints are not published', async () => {
    for (const objects of world.region.buckets.values()) objects.clear();
    expect(await problems()).toEqual([
      ['', 'unavailable', expect.stringMatching(/not in the template bucket/)],
    ]);
  });

  const runtimeImages = () =>
    [...world.region.images].find(([, tags]) => tags.has('0.1.0'))!;

  it('refuses when nobody has pushed the image of the runtime, and says how', async () => {
    const [repository, tags] = runtimeImages();
    tags.clear();
    expect(await problems()).toEqual([
      [
        '',
        'unavailable',
        expect.stringMatching(
          `/${repository}:0.1.0, is not in .* docker buildx build .*/${repository}:0.1.0 --push`,
        ),
      ],
    ]);
    world.config.targets[0].ownServices = true;
    expect(await problems()).toHaveLength(1);
  });

  it('looks for the image that the target names, where the portal may look', async () => {
    const [target] = world.config.targets;
    const [repository] = runtimeImages();
    const registry = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
    target.runtimeImage = `${registry}/${repository}:0.1.0-fixed`;
    expect(await problems()).toEqual([
      ['', 'unavailable', expect.stringMatching(/:0\.1\.0-fixed, is not in/)],
    ]);
    target.runtimeImage = 'mirror.example/genai-runtime:9';
    expect(await problems()).toEqual([]);
  });

  it('refuses settings of the target that the templates do not take', async () => {
    world.config.targets[0].settings = {
      logRetentionDays: '45',
      colour: 'red',
    };
    expect(await problems()).toEqual([
      [
        '',
        'unavailable',
        expect.stringMatching(/logRetentionDays is "45".* 7, 14, 30\. Ask/),
      ],
      ['', 'unavailable', expect.stringMatching(/colour is not known/)],
    ]);
  });

  it('refuses a tier that needs the NAT gateway where there is none', async () => {
    const nat = world.region.live()[0].outputs.find(({ key }) => key === 'Nat');
    nat!.value = 'false';
    expect(await problems()).toEqual([
      [
        'tier',
        'unsupported-tier',
        expect.stringMatching(/"standard" needs the NAT gateway .*--nat true/),
      ],
    ]);
  });

  it('does not take templates that it may not read for templates that are not there', async () => {
    world.aws.faults.add('deny', ({ operation }) => operation === 'HeadObject');
    expect(await problems()).toEqual([
      ['', 'unavailable', expect.stringMatching(/may not call s3:GetObject/)],
    ]);
  });

  it('refuses a name that a stack of others has, not that of an own environment', async () => {
    const driver = new ProvisionerDriver({
      desired: { ...newEnvironment(world.spec, []), name: 'weather' },
      provisioner: () => provisioner,
    });
    await driver.untilSettled('Ready');
    expect((await provisioner.plan(request)).problems).toEqual([]);
    await provisioner.shutdown();
    provisioner = world.createProvisioner();
    expect((await provisioner.plan(request)).problems).toEqual([
      {
        ...{ path: 'name', code: 'name-taken' },
        message: expect.stringMatching(/has a stack genai-weather-core/),
      },
    ]);
  });

  it.each(['foundation', 'foundation-x'])(
    'refuses the name %s, which would be that of something shared',
    async name => {
      request.name = name;
      expect(await problems()).toEqual([
        ['name', 'invalid', expect.stringMatching(/Choose another name/)],
      ]);
    },
  );

  it('refuses more models than an environment can have', async () => {
    request.models = Array.from({ length: 11 }, (_, index) => `m${index}`);
    expect(await problems()).toEqual([
      ['models', 'invalid', expect.stringMatching(/at most 10 models/)],
    ]);
  });

  it('refuses a tier that the target does not offer, and a region without target', async () => {
    request.tier = 'isolated';
    expect(await problems()).toEqual([
      ['tier', 'unsupported-tier', expect.stringMatching(/choose standard/)],
    ]);
    await expect(
      provisioner.plan({ ...request, region: 'moon-1' }),
    ).rejects.toThrow(/"moon-1" is not among genaiEnvironments.aws.targets/);
  });

  it('lists the models of the region, with their kind', async () => {
    const models = await provisioner.listModels({ region: request.region });
    expect(models.map(({ kind }) => kind)).toEqual(['text', 'embedding']);
    world.region.models = [];
    await provisioner.shutdown();
    provisioner = world.createProvisioner();
    expect(await provisioner.listModels({ region: request.region })).toEqual(
      [],
    );
  });
});
