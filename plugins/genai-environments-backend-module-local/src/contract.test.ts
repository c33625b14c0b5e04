import { describeProvisionerContract } from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import { LocalWorld } from './testing/LocalWorld';

// Processes are started, killed and started again.
jest.setTimeout(30_000);

describeProvisionerContract({
  name: 'local',
  createHarness: () => LocalWorld.create(),
});
