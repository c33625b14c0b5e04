import { describeProvisionerContract } from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import { AwsWorld } from './testing/world/AwsWorld';

jest.setTimeout(30_000);

// The schemas of all of AWS are read once.
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

describeProvisionerContract({
  name: 'aws',
  createHarness: () => AwsWorld.create(),
});
