import { loadBlueprints } from '@genai-environments/aws-blueprints';
import type { Tier } from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { VectorStoreKind } from './blueprints/types';
import { AwsWorld } from './testing/world/AwsWorld';
import { ensureBlueprintsBuilt } from './testing/world/ensureBlueprintsBuilt';

jest.setTimeout(120_000);

const VARIANTS: Array<[Tier, VectorStoreKind]> = [
  ['sandbox', 's3-vectors'],
  ['standard', 's3-vectors'],
  ['isolated', 'opensearch-serverless'],
];

describe('the bundled blueprints', () => {
  beforeAll(ensureBlueprintsBuilt);

  it.each(VARIANTS)(
    'bring a %s with %s to Ready, asleep, back, and to nothing',
    async (tier, vectorStore) => {
      const world = await AwsWorld.create({
        blueprints: loadBlueprints(),
        vectorStore,
      });
      const provisioner = world.createProvisioner();
      const spec = {
        ...world.spec,
        tier,
        services: [
          'model-invocation',
          'document-processing',
          'vectorization',
          'prompt-management',
          'administration',
          'app',
        ] as const,
      };
      const driver = new ProvisionerDriver({
        desired: newEnvironment({ ...spec, services: [...spec.services] }, [
          newApplication('default'),
          newApplication('app', { kind: 'project-app' }),
        ]),
        provisioner: () => provisioner,
      });
      try {
        const { outcome } = await driver.untilSettled('Ready');
        expect(outcome.services.map(({ health }) => health)).toEqual(
          spec.services.map(() => 'healthy'),
        );
        const operated = {
          ...driver.desired.spec,
          tasks: { vectorization: 2 },
          restarts: { app: '2026-11-30T12:00:00.000Z' },
        };
        // Another owner is no reason to tag anew what would be replaced by that.
        const owner = 'group:default/others';
        driver.want({ spec: operated, generation: 2, owner });
        const scaled = await driver.untilSettled('Ready');
        const { tasks } = scaled.outcome.services[2];
        expect(tasks).toEqual({ running: 2, desired: 2 });
        const sleep = { ...operated, hibernated: true };
        driver.want({ spec: sleep, generation: 3 });
        await driver.until(({ phase }) => phase === 'Hibernated');
        driver.want({
          spec: { ...sleep, hibernated: undefined },
          generation: 4,
        });
        const woken = await driver.untilSettled('Ready');
        expect(woken.outcome.outputs.endpoint).toBe(outcome.outputs.endpoint);
        driver.want({ deletionRequested: true });
        await driver.untilSettled('Deleted');
        expect(await world.findRemains(driver.desired)).toEqual([]);
      } finally {
        await provisioner.shutdown();
        await world.dispose();
      }
    },
  );
});
