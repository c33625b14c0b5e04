import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { Provisioner } from './provisioner';

/** Where modules add the ways in which environments can be provisioned. */
export interface GenaiProvisionersExtensionPoint {
  /** Throws when a provisioner with the same id was added before. */
  addProvisioner(provisioner: Provisioner): void;
}

/** Declare it as a dependency of a module of the plugin `genai-environments`. */
export const genaiProvisionersExtensionPoint =
  createExtensionPoint<GenaiProvisionersExtensionPoint>({
    id: 'genai-environments.provisioners',
  });
