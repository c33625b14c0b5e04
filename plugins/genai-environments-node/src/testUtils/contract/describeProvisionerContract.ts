import type { Provisioner } from '../../provisioner';
import { ProvisionerDriver } from '../ProvisionerDriver';
import { applicationContract } from './applications';
import { lifecycleContract } from './lifecycle';
import { newApplication, newEnvironment } from './desired';
import type { ProvisionerContractHarness } from './harness';
import { logContract } from './logs';
import { operationContract } from './operations';
import { teardownContract } from './teardown';

export type ProvisionerContractOptions = {
  /** Names the implementation in the output of the tests. */
  name: string;
  createHarness: () => Promise<ProvisionerContractHarness>;
};

/** What the tests of the suite work with. */
export type ContractContext = {
  harness(): ProvisionerContractHarness;
  /** Instance that all calls of a test go to, unless it asks for others. */
  provisioner(): Provisioner;
  /** An environment with one application, `default`, driven by `provisioner`. */
  newDriver(options?: {
    provisioner?: () => Provisioner;
    /** With an app of the project's own, and its application. */
    projectApp?: boolean;
    /** Default: a new one. */
    name?: string;
  }): ProvisionerDriver;
};

/**
 * Describes, with jest, what the backend relies on from a {@link Provisioner}. Every
 * implementation must pass; a test that does not apply to one points to a wrong port.
 */
export function describeProvisionerContract(
  options: ProvisionerContractOptions,
): void {
  describe(`Provisioner contract: ${options.name}`, () => {
    let harness: ProvisionerContractHarness;
    let provisioner: Provisioner;

    beforeEach(async () => {
      harness = await options.createHarness();
      provisioner = harness.createProvisioner();
    });

    afterEach(async () => {
      await provisioner?.shutdown?.();
      await harness?.dispose();
    });

    const context: ContractContext = {
      harness: () => harness,
      provisioner: () => provisioner,
      newDriver(own = {}) {
        const { spec } = harness;
        const desired = own.projectApp
          ? newEnvironment({ ...spec, services: [...spec.services, 'app'] }, [
              newApplication('default'),
              newApplication('app', { kind: 'project-app' }),
            ])
          : newEnvironment(spec, [newApplication('default')]);
        return new ProvisionerDriver({
          desired: { ...desired, name: own.name ?? desired.name },
          provisioner: own.provisioner ?? (() => provisioner),
        });
      },
    };

    lifecycleContract(context);
    operationContract(context);
    logContract(context);
    applicationContract(context);
    teardownContract(context);
  });
}
