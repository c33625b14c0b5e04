import { PORTAL, useBootstrap } from '../testing/world/useBootstrap';

describe('aws:bootstrap in a region with zones that have no VPC links', () => {
  const scene = useBootstrap('us-east-1');
  const zones = () =>
    scene.region
      .ofType('AWS::EC2::Subnet')
      .map(({ properties }) => properties.AvailabilityZoneId)
      .sort();

  it('chooses two that have, by their ids', async () => {
    const plan = await scene.run();
    expect(plan).toContain('Zone1 = use1-az1');
    expect(plan).toContain('Zone2 = use1-az2');
    await scene.run('--yes');
    const [first, second] = ['use1-az1', 'use1-az2'];
    expect(zones()).toEqual([first, first, second, second]);
    const { outputs } = scene.foundation!;
    expect(outputs).toContainEqual({ key: 'Zone1', value: first });
    expect(outputs).toContainEqual({ key: 'Zone2', value: second });
    scene.aws.calls.length = 0;
    expect(await scene.run('--yes')).toContain('up to date');
    expect(scene.changes).toEqual([]);
  });

  it('takes those that are given', async () => {
    await scene.run('--yes', '--zone1', 'use1-az4', '--zone2', 'use1-az6');
    const [first, second] = ['use1-az4', 'use1-az6'];
    expect(zones()).toEqual([first, first, second, second]);
  });

  it('leaves an existing foundation where it is', async () => {
    scene.deploy(scene.readFoundation());
    await scene.run('--yes', '--portal-principal-arn', PORTAL);
    expect(scene.foundation).toMatchObject({ status: 'UPDATE_COMPLETE' });
    const { parameters } = scene.foundation!.content!;
    expect(parameters).toMatchObject({ Zone1: '', Zone2: '' });
    const names = scene.region
      .ofType('AWS::EC2::Subnet')
      .map(({ properties }) => properties.AvailabilityZone);
    expect(names.sort()).toEqual([
      ...['us-east-1a', 'us-east-1a', 'us-east-1b', 'us-east-1b'],
    ]);
    const output = { key: 'Zone1', value: 'use1-az1' };
    expect(scene.foundation!.outputs).toContainEqual(output);
  });

  it('says that zones of an older foundation have to be ids', async () => {
    const older = scene.readFoundation();
    older.Parameters.Zone1.Default = 'us-east-1b';
    delete older.Parameters.Zone1.AllowedPattern;
    delete older.Rules;
    scene.deploy(older);
    await expect(scene.run('--yes')).rejects.toThrow(
      /has Zone1 by an older version: "us-east-1b" is the name of a zone.*--vpc-cidr/,
    );
    expect(scene.changes).toEqual([]);
  });
});
