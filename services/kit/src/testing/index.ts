/**
 * What route tests of services need.
 *
 * @packageDocumentation
 */
export * from './createTestAuth';
export { type Deferred, deferred } from './deferred';
export * from '../ports/testing';
export { OtlpReceiver } from '../telemetry/testing/OtlpReceiver';
export { awsEmulator } from './awsEmulator';
