/**
 * Extension point and Provisioner port of GenAI Environments.
 *
 * @packageDocumentation
 */
export * from './errors';
export * from './extensions';
export * from './localDataDirectory';
export * from './logLine';
export * from './provisioner';
export * from './redactSecrets';
