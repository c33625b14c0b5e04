import { FOUNDATION_STACK_NAME } from '@genai-environments/aws-blueprints';
import { FakeAws } from '../testing/fakeAws/FakeAws';
import { ACCOUNT, REGION } from '../testing/world/AwsWorld';
import { useBootstrap } from '../testing/world/useBootstrap';

describe('aws:bootstrap that fails or refuses', () => {
  const scene = useBootstrap();

  it('says why the stack failed, and what to do with what is left of it', async () => {
    scene.aws.failResource({
      resource: 'AWS::EC2::VPC',
      on: 'create',
      reason: 'The maximum number of VPCs has been reached.',
    });
    await expect(scene.run('--yes')).rejects.toThrow(
      /failed at the EC2 vpc \w+\. A quota of the account is used up\..*ROLLBACK_COMPLETE/,
    );
    await expect(scene.run('--yes')).rejects.toThrow(
      `is in ROLLBACK_COMPLETE and cannot be changed. Its events in the console say why. Run "aws cloudformation delete-stack --stack-name ${FOUNDATION_STACK_NAME} --region ${REGION}"`,
    );
  });

  it('refuses to make anew what environments depend on', async () => {
    await scene.run('--yes');
    const before = scene.foundation!.content!.parameters;
    const removal = scene.run(
      '--yes',
      '--nat',
      'false',
      '--interface-endpoints',
      'true',
    );
    await expect(removal).rejects.toThrow(
      /would remove these resources .*NatGateway.* --allow-replacement/,
    );
    const { status, changeSets } = scene.foundation!;
    expect(status).toBe('CREATE_COMPLETE');
    expect(
      changeSets.filter(each => each.executionStatus === 'AVAILABLE'),
    ).toEqual([]);
    expect(scene.foundation!.content!.parameters).toEqual(before);
  });

  it('refuses what may be made anew', async () => {
    const older = scene.readFoundation();
    older.Resources.Vpc.Properties.InstanceTenancy = 'dedicated';
    scene.deploy(older);
    await expect(scene.run('--yes')).rejects.toThrow(
      /, or might: .*\bVpc\b.*PrivateSubnet1/,
    );
    expect(scene.foundation!.status).toBe('CREATE_COMPLETE');
    await scene.run('--yes', '--allow-replacement');
    expect(scene.foundation!.status).toBe('UPDATE_COMPLETE');
  });

  it('refuses a stack of that name that is another one', async () => {
    scene.deploy({
      Resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
    });
    await expect(scene.run('--yes')).rejects.toThrow(
      'no foundation of GenAI environments',
    );
    expect(scene.changes).toEqual([]);
  });

  it('refuses another account than the one that was named', async () => {
    await expect(
      scene.run('--yes', '--account', '999988887777'),
    ).rejects.toThrow(
      `The credentials belong to account ${ACCOUNT}, not to 999988887777`,
    );
    expect(scene.changes).toEqual([]);
  });

  it('says that credentials have expired', async () => {
    scene.aws.expiredKeys.add(FakeAws.credentialsOf(ACCOUNT).accessKeyId);
    await expect(scene.run()).rejects.toThrow(
      /no valid credentials for AWS \(ExpiredTokenException\).*aws sso login/,
    );
  });
});
