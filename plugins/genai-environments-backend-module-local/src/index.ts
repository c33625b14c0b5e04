/**
 * Provisioner that runs GenAI environments on the portal's own machine.
 *
 * @packageDocumentation
 */
export { genaiEnvironmentsModuleLocal as default } from './module';
export { readLocalConfig, type LocalConfig, type Upstream } from './config';
export {
  LocalProvisioner,
  type LocalProvisionerOptions,
} from './LocalProvisioner';
