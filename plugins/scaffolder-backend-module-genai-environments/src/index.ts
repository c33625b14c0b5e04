/**
 * Scaffolder actions for GenAI environments, and the project skeleton.
 *
 * @packageDocumentation
 */
export { scaffolderModuleGenaiEnvironments as default } from './module';
