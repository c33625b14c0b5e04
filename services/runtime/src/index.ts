/**
 * Where the runtime of an environment is; starting it is the provisioner's work.
 *
 * @packageDocumentation
 */
export {
  resolveRuntimeEntry,
  RuntimeNotBuiltError,
} from './resolveRuntimeEntry';
export { pickInherited, pickTelemetry } from './inherited';
export {
  CONTAINER_NODE_OPTIONS,
  RUNTIME_NODE_OPTIONS,
  RUNTIME_NODE_VARIABLES,
} from './launch';
