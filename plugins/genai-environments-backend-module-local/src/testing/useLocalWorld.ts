import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { LocalProvisioner } from '../LocalProvisioner';
import { LocalWorld } from './LocalWorld';

/** A world, a provisioner on it, and environments, for each test of a describe block. */
export function useLocalWorld() {
  let world: LocalWorld;
  let provisioner: LocalProvisioner;

  beforeEach(async () => {
    world = await LocalWorld.create();
    provisioner = world.createProvisioner();
  });

  afterEach(async () => {
    await provisioner?.shutdown();
    await world?.dispose();
  });

  return {
    world: () => world,
    provisioner: () => provisioner,
    /** From now on calls go to this one, as after a restart of the backend. */
    use(other: LocalProvisioner) {
      provisioner = other;
    },
    /** An environment with the application `default` and, if wanted, an app. */
    newDriver({ app = false } = {}) {
      const { spec } = world;
      return new ProvisionerDriver({
        desired: app
          ? newEnvironment({ ...spec, services: [...spec.services, 'app'] }, [
              newApplication('default'),
              newApplication('app', { kind: 'project-app' }),
            ])
          : newEnvironment(spec, [newApplication('default')]),
        provisioner: () => provisioner,
      });
    },
  };
}
