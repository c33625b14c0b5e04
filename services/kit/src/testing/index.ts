/**
 * What route tests of services need.
 *
 * @packageDocumentation
 */
export * from './createTestAuth';
export { type Deferred, deferred } from './deferred';
export * from '../ports/testing';
export { awsEmulator } from './awsEmulator';
