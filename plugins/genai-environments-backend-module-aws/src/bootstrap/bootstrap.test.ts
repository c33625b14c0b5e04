import { loadBlueprints } from '@genai-environments/aws-blueprints';
import { ACCOUNT } from '../testing/world/AwsWorld';
import { PORTAL, useBootstrap } from '../testing/world/useBootstrap';

describe('aws:bootstrap', () => {
  const scene = useBootstrap();

  it('makes the foundation, uploads the templates and says what is left', async () => {
    const said = await scene.run('--yes', '--portal-principal-arn', PORTAL);
    expect(scene.foundation).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(scene.foundation!.content!.parameters).toMatchObject({
      PortalPrincipalArn: PORTAL,
      Nat: 'true',
    });
    const { manifest } = loadBlueprints();
    expect(scene.templates.sort()).toEqual(
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
    await scene.run('--yes');
    const [repository] = scene.region.ofType('AWS::ECR::Repository');
    scene.region.images
      .get(repository.physicalId)!
      .add(loadBlueprints().manifest.version);
    scene.aws.calls.length = 0;
    const said = await scene.run('--yes');
    expect(scene.changes).toEqual([]);
    expect(said).toContain('up to date');
    expect(said).toMatch(/The image \S+ is there/);
  });

  it('updates what is asked for and keeps what was chosen before', async () => {
    await scene.run('--yes', '--portal-principal-arn', PORTAL);
    await scene.run('--yes', '--portal-external-id', 'another');
    expect(scene.foundation).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(scene.foundation!.content!.parameters).toMatchObject({
      PortalPrincipalArn: PORTAL,
      PortalExternalId: 'another',
    });
  });

  it('protects the stack from being deleted, also one that was made before', async () => {
    expect(await scene.run()).toContain('protected from being deleted');
    await scene.run('--yes');
    expect(scene.foundation).toMatchObject({ terminationProtection: true });
    expect(await scene.run()).not.toContain('protected');
    scene.foundation!.terminationProtection = false;
    scene.aws.calls.length = 0;
    expect(await scene.run()).toContain('Add --yes to carry this out');
    await scene.run('--yes');
    expect(scene.changes).toEqual(['UpdateTerminationProtection']);
    expect(scene.foundation).toMatchObject({ terminationProtection: true });
  });

  it('goes back to what was before, which CloudFormation has been told already', async () => {
    const external = () =>
      scene.foundation!.content!.parameters.PortalExternalId;
    await scene.run('--yes', '--portal-principal-arn', PORTAL);
    for (const id of ['one', 'other', 'one', 'other']) {
      await scene.run('--yes', '--portal-external-id', id);
      expect(external()).toBe(id);
    }
  });

  it('uploads what an interrupted run did not', async () => {
    await scene.run('--yes');
    const [bucket] = [...scene.region.buckets].find(
      ([, keys]) => keys.size > 0,
    )!;
    const [lost] = scene.templates;
    scene.region.buckets.get(bucket)!.delete(lost);
    scene.aws.calls.length = 0;
    expect(await scene.run()).toContain('Templates: 1 to upload');
    await scene.run('--yes');
    expect(scene.changes).toEqual(['PutObject']);
    expect(scene.templates).toContain(lost);
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
      (operation !== 'DescribeStacks' || scene.foundation !== undefined);

    it('gets over an answer that is lost', async () => {
      scene.aws.faults.add('lost-answer', isAt);
      await scene.run('--yes');
      expect(scene.foundation).toMatchObject({ status: 'CREATE_COMPLETE' });
      expect(scene.templates).toHaveLength(12);
    });

    it('goes on where it was killed', async () => {
      scene.aws.faults.add('kill-after', isAt);
      await expect(scene.run('--yes')).rejects.toThrow();
      scene.reconnect();
      scene.aws.clock.advance(3_600_000);
      await scene.run('--yes');
      expect(scene.foundation).toMatchObject({ status: 'CREATE_COMPLETE' });
      expect(scene.templates).toHaveLength(12);
    });
  });
});
