/**
 * GenAI Environments for apps on the classic frontend system; `./alpha` has the plugin
 * for the new one.
 *
 * @packageDocumentation
 */
export { genaiEnvironmentsApiRef } from './api';
export type { GenaiEnvironmentsApi } from './api';
export { isGenaiEnvironment, isGenaiEnvironmentAvailable } from './entity';
export { useEnvironment } from './environment/useEnvironment';
export { TearDownDialog } from './components/TearDown/TearDownDialog';
export { useGenaiEnvironmentTearDown } from './components/TearDown/useTearDownMenuItem';
export type { TearDownMenuItem } from './components/TearDown/useTearDownMenuItem';
export {
  EntityGenaiEnvironmentCard,
  EntityGenaiEnvironmentContent,
  GenaiEnvironmentNameFieldExtension,
  genaiEnvironmentsPlugin,
  GenaiEnvironmentsPage,
  GenaiLifetimePickerFieldExtension,
  GenaiModelPickerFieldExtension,
  GenaiOwnerPickerFieldExtension,
  GenaiPlanReviewFieldExtension,
  GenaiProvisionerPickerFieldExtension,
  GenaiPublishTargetPickerFieldExtension,
  GenaiRegionPickerFieldExtension,
  GenaiServicePickerFieldExtension,
  GenaiTierPickerFieldExtension,
} from './plugin';
