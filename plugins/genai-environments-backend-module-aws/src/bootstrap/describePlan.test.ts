import { ACCOUNT, REGION } from '../testing/world/AwsWorld';
import { PORTAL, useBootstrap } from '../testing/world/useBootstrap';

describe('the plan of aws:bootstrap', () => {
  const scene = useBootstrap();

  it('prints the plan and changes nothing', async () => {
    const plan = await scene.run();
    expect(plan).toContain(`Account ${ACCOUNT}, region ${REGION}`);
    expect(plan).toContain('to be created, up to');
    expect(plan).toMatch(/It costs about \$\d+\.\d\d a month/);
    expect(plan).toContain('Templates: 12 to upload');
    expect(plan).toContain('sandbox-s3-vectors-core.template.json');
    expect(plan).toContain('Not touched: environments');
    expect(plan).toContain('Nothing was changed. Add --yes');
    expect(scene.changes).toEqual([]);
  });

  it('says what an update changes', async () => {
    const older = scene.readFoundation();
    delete older.Resources.DynamodbEndpoint;
    older.Resources.Cluster.Properties.ClusterName = 'genai-older';
    older.Resources.OldTopic = { Type: 'AWS::SQS::Queue', Properties: {} };
    older.Parameters.Old = { Type: 'String', Default: '1' };
    delete older.Parameters.PortalExternalId;
    delete older.Resources.PortalRole;
    delete older.Outputs.PortalRoleArn;
    scene.deploy(older);
    scene.foundation!.content!.templateText = JSON.stringify(older);
    const plan = await scene.run('--portal-principal-arn', PORTAL);
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
    expect(scene.changes).toEqual([]);
  });
});
