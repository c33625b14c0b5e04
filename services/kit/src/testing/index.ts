/**
 * What route tests of services need.
 *
 * @packageDocumentation
 */
export * from './createTestAuth';
