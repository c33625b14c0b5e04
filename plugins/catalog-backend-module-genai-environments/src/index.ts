/**
 * Puts GenAI environments and their APIs into the Backstage catalog, live.
 *
 * @packageDocumentation
 */
export { catalogModuleGenaiEnvironments as default } from './module';
