/**
 * What every implementation of the Provisioner port has to pass, for jest.
 *
 * @packageDocumentation
 */
export {
  describeProvisionerContract,
  type ProvisionerContractOptions,
} from './contract/describeProvisionerContract';
export type {
  IssuedCredentials,
  ProvisionerContractHarness,
} from './contract/harness';
export { newApplication, newEnvironment } from './contract/desired';
export { type Observed, ProvisionerDriver } from './ProvisionerDriver';
