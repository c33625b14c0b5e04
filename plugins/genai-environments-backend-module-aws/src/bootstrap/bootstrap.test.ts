import {
  FOUNDATION_STACK_NAME,
  loadBlueprints,
} from '@genai-environments/aws-blueprints';
import { FakeAws } from '../testing/fakeAws/FakeAws';
import { Template } from '../testing/fakeAws/cloudformation/Template';
import { ensureBlueprintsBuilt } from '../testing/world/ensureBlueprintsBuilt';
import { bootstrap } from './bootstrap';
import { createBootstrapClients } from './bootstrapClients';
import { readArguments } from './readArguments';

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const PORTAL = 'arn:aws:iam::999988887777:role/portal';

/** Calls that only read. */
const READS = /^(Get|Describe|List|Head)/;

describe('aws:bootstrap', () => {
  let aws: FakeAws;
  let clients: ReturnType<typeof createBootstrapClients>;
  let printed: string[];
  let regionName: string;

  beforeAll(ensureBlueprintsBuilt, 60_000);
  beforeEach(async () => {
    aws = await FakeAws.start();
    regionName = REGION;
    clients = connect('first');
  });
  afterEach(() => {
    clients.destroy();
    aws.stop();
  });

  function connect(process: string) {
    return createBootstrapClients({
      ...aws.clientOptions(process),
      region: regionName,
      credentials: FakeAws.credentialsOf(ACCOUNT),
    });
  }

  async function run(...given: string[]): Promise<string> {
    const blueprints = loadBlueprints();
    printed = [];
    await bootstrap({
      ...{ clients, blueprints },
      asked: readArguments(
        ['--region', regionName, ...given],
        blueprints.manifest.foundation.parameters,
      ),
      sleep: async ms => aws.clock.advance(ms),
      now: aws.clock.now,
      print: text => printed.push(text),
    });
    return printed.join('\n');
  }

  const region = () => aws.region(ACCOUNT, regionName);
  const foundation = () =>
    region()
      .live()
      .find(({ name }) => name === FOUNDATION_STACK_NAME);
  const readFoundation = () => {
    const blueprints = loadBlueprints();
    return blueprints.readTemplate(blueprints.manifest.foundation);
  };
  const changes = () =>
    aws.calls
      .filter(({ operation }) => !READS.test(operation))
      .map(({ operation }) => operation);
  const templates = () => {
    const bucket = foundation()!.outputs.find(
      ({ key }) => key === 'TemplateBucketName',
    )!.value;
    return [...region().buckets.get(bucket)!.keys()];
  };

  it('prints the plan and changes nothing', async () => {
    const plan = await run();
    expect(plan).toContain(`Account ${ACCOUNT}, region ${REGION}`);
    expect(plan).toContain('to be created, up to');
    expect(plan).toMatch(/It costs about \$\d+\.\d\d a month/);
    expect(plan).toContain('Templates: 12 to upload');
    expect(plan).toContain('sandbox-s3-vectors-core.template.json');
    expect(plan).toContain('Not touched: environments');
    expect(plan).toContain('Nothing was changed. Add --yes');
    expect(changes()).toEqual([]);
  });

  it('makes the foundation, uploads the templates and says what is left', async () => {
    const said = await run('--yes', '--portal-principal-arn', PORTAL);
    expect(foundation()).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(foundation()!.content!.parameters).toMatchObject({
      PortalPrincipalArn: PORTAL,
      Nat: 'true',
    });
    const { manifest } = loadBlueprints();
    expect(templates().sort()).toEqual(
      manifest.environments
        .flatMap(({ core, services }) => [core, services])
        .map(
          ({ sha256, template }) => `${manifest.version}/${sha256}/${template}`,
        )
        .sort(),
    );
    expect(said).toContain('docker buildx build');
    expect(said).toContain(`:${manifest.version} --push`);
    expect(said).toContain(`accountId: '${ACCOUNT}'`);
  });

  it('changes nothing the second time, and sees an image that was pushed', async () => {
    await run('--yes');
    const [repository] = region().ofType('AWS::ECR::Repository');
    region()
      .images.get(repository.physicalId)!
      .add(loadBlueprints().manifest.version);
    aws.calls.length = 0;
    const said = await run('--yes');
    expect(changes()).toEqual([]);
    expect(said).toContain('up to date');
    expect(said).toMatch(/The image \S+ is there/);
  });

  it('updates what is asked for and keeps what was chosen before', async () => {
    await run('--yes', '--portal-principal-arn', PORTAL);
    await run('--yes', '--portal-external-id', 'another');
    expect(foundation()).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(foundation()!.content!.parameters).toMatchObject({
      PortalPrincipalArn: PORTAL,
      PortalExternalId: 'another',
    });
  });

  it('says what an update changes', async () => {
    const older = JSON.parse(readFoundation());
    delete older.Resources.DynamodbEndpoint;
    older.Resources.Cluster.Properties.ClusterName = 'genai-older';
    older.Resources.OldTopic = { Type: 'AWS::SQS::Queue', Properties: {} };
    older.Parameters.Old = { Type: 'String', Default: '1' };
    delete older.Parameters.PortalExternalId;
    delete older.Resources.PortalRole;
    delete older.Outputs.PortalRoleArn;
    aws.deploy(ACCOUNT, REGION, {
      name: FOUNDATION_STACK_NAME,
      template: new Template(older),
    });
    foundation()!.content!.templateText = JSON.stringify(older);
    const plan = await run('--portal-principal-arn', PORTAL);
    expect(plan).toContain('to be updated by a change set:');
    expect(plan).toMatch(/added EC2 \S+: DynamodbEndpoint/);
    expect(plan).toContain('added IAM role: PortalRole');
    expect(plan).toContain('removed SQS queue: OldTopic');
    expect(plan).toContain('changed ECS cluster: Cluster');
    expect(plan).toContain('added outputs: PortalRoleArn');
    expect(plan).toContain(`PortalPrincipalArn = ${PORTAL} (was (none))`);
    expect(plan).toContain('PortalExternalId = genai-environments (new)');
    expect(plan).toContain('Old is no parameter any more');
    expect(plan).toContain('  Nat = true\n');
    expect(changes()).toEqual([]);
  });

  it('protects the stack from being deleted, also one that was made before', async () => {
    expect(await run()).toContain('protected from being deleted');
    await run('--yes');
    expect(foundation()).toMatchObject({ terminationProtection: true });
    expect(await run()).not.toContain('protected');
    foundation()!.terminationProtection = false;
    aws.calls.length = 0;
    expect(await run()).toContain('Add --yes to carry this out');
    await run('--yes');
    expect(changes()).toEqual(['UpdateTerminationProtection']);
    expect(foundation()).toMatchObject({ terminationProtection: true });
  });

  it('goes back to what was before, which CloudFormation has been told already', async () => {
    const external = () => foundation()!.content!.parameters.PortalExternalId;
    await run('--yes', '--portal-principal-arn', PORTAL);
    for (const id of ['one', 'other', 'one', 'other']) {
      await run('--yes', '--portal-external-id', id);
      expect(external()).toBe(id);
    }
  });

  it('uploads what an interrupted run did not', async () => {
    await run('--yes');
    const [bucket] = [...region().buckets].find(([, keys]) => keys.size > 0)!;
    const [lost] = templates();
    region().buckets.get(bucket)!.delete(lost);
    aws.calls.length = 0;
    expect(await run()).toContain('Templates: 1 to upload');
    await run('--yes');
    expect(changes()).toEqual(['PutObject']);
    expect(templates()).toContain(lost);
  });

  describe.each([
    'CreateChangeSet',
    'DescribeChangeSet',
    'ExecuteChangeSet',
    'DescribeStacks',
    'UpdateTerminationProtection',
    'PutObject',
  ])('at %s', operation => {
    // Where there is no stack to describe yet, no answer of the fake can be lost.
    const isAt = (call: { operation: string }) =>
      call.operation === operation &&
      (operation !== 'DescribeStacks' || foundation() !== undefined);

    it('gets over an answer that is lost', async () => {
      aws.faults.add('lost-answer', isAt);
      await run('--yes');
      expect(foundation()).toMatchObject({ status: 'CREATE_COMPLETE' });
      expect(templates()).toHaveLength(12);
    });

    it('goes on where it was killed', async () => {
      aws.faults.add('kill-after', isAt);
      await expect(run('--yes')).rejects.toThrow();
      clients.destroy();
      clients = connect('second');
      aws.clock.advance(3_600_000);
      await run('--yes');
      expect(foundation()).toMatchObject({ status: 'CREATE_COMPLETE' });
      expect(templates()).toHaveLength(12);
    });
  });

  it('says why the stack failed, and what to do with what is left of it', async () => {
    aws.failResource({
      resource: 'AWS::EC2::VPC',
      on: 'create',
      reason: 'The maximum number of VPCs has been reached.',
    });
    await expect(run('--yes')).rejects.toThrow(
      /failed at the EC2 vpc \w+\. A quota of the account is used up\..*ROLLBACK_COMPLETE/,
    );
    await expect(run('--yes')).rejects.toThrow(
      `is in ROLLBACK_COMPLETE and cannot be changed. Its events in the console say why. Run "aws cloudformation delete-stack --stack-name ${FOUNDATION_STACK_NAME} --region ${REGION}"`,
    );
  });

  it('refuses to make anew what environments depend on', async () => {
    await run('--yes');
    const before = foundation()!.content!.parameters;
    const removal = run(
      '--yes',
      '--nat',
      'false',
      '--interface-endpoints',
      'true',
    );
    await expect(removal).rejects.toThrow(
      /would remove these resources .*NatGateway.* --allow-replacement/,
    );
    const { status, changeSets } = foundation()!;
    expect(status).toBe('CREATE_COMPLETE');
    expect(
      changeSets.filter(each => each.executionStatus === 'AVAILABLE'),
    ).toEqual([]);
    expect(foundation()!.content!.parameters).toEqual(before);
  });

  it('refuses what may be made anew', async () => {
    const older = JSON.parse(readFoundation());
    older.Resources.Vpc.Properties.InstanceTenancy = 'dedicated';
    aws.deploy(ACCOUNT, REGION, {
      name: FOUNDATION_STACK_NAME,
      template: new Template(older),
    });
    await expect(run('--yes')).rejects.toThrow(
      /, or might: .*\bVpc\b.*PrivateSubnet1/,
    );
    expect(foundation()!.status).toBe('CREATE_COMPLETE');
    await run('--yes', '--allow-replacement');
    expect(foundation()!.status).toBe('UPDATE_COMPLETE');
  });

  describe('in a region with zones that have no VPC links', () => {
    const zones = () =>
      region()
        .ofType('AWS::EC2::Subnet')
        .map(({ properties }) => properties.AvailabilityZoneId)
        .sort();

    beforeEach(() => {
      clients.destroy();
      regionName = 'us-east-1';
      clients = connect('first');
    });

    it('chooses two that have, by their ids', async () => {
      const plan = await run();
      expect(plan).toContain('Zone1 = use1-az1');
      expect(plan).toContain('Zone2 = use1-az2');
      await run('--yes');
      const [first, second] = ['use1-az1', 'use1-az2'];
      expect(zones()).toEqual([first, first, second, second]);
      const { outputs } = foundation()!;
      expect(outputs).toContainEqual({ key: 'Zone1', value: first });
      expect(outputs).toContainEqual({ key: 'Zone2', value: second });
      aws.calls.length = 0;
      expect(await run('--yes')).toContain('up to date');
      expect(changes()).toEqual([]);
    });

    it('takes those that are given', async () => {
      await run('--yes', '--zone1', 'use1-az4', '--zone2', 'use1-az6');
      const [first, second] = ['use1-az4', 'use1-az6'];
      expect(zones()).toEqual([first, first, second, second]);
    });

    it('leaves an existing foundation where it is', async () => {
      aws.deploy(ACCOUNT, regionName, {
        name: FOUNDATION_STACK_NAME,
        template: Template.parse(readFoundation()),
      });
      await run('--yes', '--portal-principal-arn', PORTAL);
      expect(foundation()).toMatchObject({ status: 'UPDATE_COMPLETE' });
      const { parameters } = foundation()!.content!;
      expect(parameters).toMatchObject({ Zone1: '', Zone2: '' });
      const names = region()
        .ofType('AWS::EC2::Subnet')
        .map(({ properties }) => properties.AvailabilityZone);
      expect(names.sort()).toEqual([
        ...['us-east-1a', 'us-east-1a', 'us-east-1b', 'us-east-1b'],
      ]);
      const output = { key: 'Zone1', value: 'use1-az1' };
      expect(foundation()!.outputs).toContainEqual(output);
    });

    it('says that zones of an older foundation have to be ids', async () => {
      const older = JSON.parse(readFoundation());
      older.Parameters.Zone1.Default = 'us-east-1b';
      delete older.Parameters.Zone1.AllowedPattern;
      delete older.Rules;
      aws.deploy(ACCOUNT, regionName, {
        name: FOUNDATION_STACK_NAME,
        template: new Template(older),
      });
      await expect(run('--yes')).rejects.toThrow(
        /has Zone1 by an older version: "us-east-1b" is the name of a zone.*--vpc-cidr/,
      );
      expect(changes()).toEqual([]);
    });
  });

  it('refuses a stack of that name that is another one', async () => {
    aws.deploy(ACCOUNT, REGION, {
      name: FOUNDATION_STACK_NAME,
      template: new Template({
        Resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
      }),
    });
    await expect(run('--yes')).rejects.toThrow(
      'no foundation of GenAI environments',
    );
    expect(changes()).toEqual([]);
  });

  it('refuses another account than the one that was named', async () => {
    await expect(run('--yes', '--account', '999988887777')).rejects.toThrow(
      `The credentials belong to account ${ACCOUNT}, not to 999988887777`,
    );
    expect(changes()).toEqual([]);
  });

  it('says that credentials have expired', async () => {
    aws.expiredKeys.add(FakeAws.credentialsOf(ACCOUNT).accessKeyId);
    await expect(run()).rejects.toThrow(
      /no valid credentials for AWS \(ExpiredTokenException\).*aws sso login/,
    );
  });
});
