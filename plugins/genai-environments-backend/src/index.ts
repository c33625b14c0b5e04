/**
 * Backend plugin of GenAI Environments: REST API, records, reconciler, permissions.
 *
 * @packageDocumentation
 */
export { genaiEnvironmentsPlugin as default } from './plugin';
export {
  createGenaiEnvironmentsPolicy,
  type GenaiEnvironmentsPolicy,
} from './permissions/policy';
export {
  createGenaiEnvironmentConditionalDecision,
  genaiEnvironmentConditions,
  genaiEnvironmentRules,
} from './permissions/rules';
