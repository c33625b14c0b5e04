/**
 * Schemas, types, permissions and the typed client of GenAI Environments.
 *
 * Isomorphic: imports nothing of Node, React or AWS.
 *
 * @packageDocumentation
 */
export * from './application';
export * from './client';
export * from './constants';
export * from './environment';
export * from './event';
export * from './log';
export * from './permissions';
export * from './plan';
export * from './provisioner';
export type { RequestOptions } from './RestClient';
export * from './usage';
