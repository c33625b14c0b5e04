/**
 * Chassis of every service: app builder, authentication, problem+json, OpenAPI, SQLite.
 *
 * @packageDocumentation
 */
export {
  FileObjectStore,
  type FileObjectStoreOptions,
} from './adapters/local/FileObjectStore';
export { queueMigrations, SqliteQueue } from './adapters/local/SqliteQueue';
export { type App, type AppOptions, buildApp } from './app/buildApp';
export { parseJson } from './app/jsonBody';
export type { ServiceApp, ZodTypeProvider } from './app/ServiceApp';
export { toSchemaViolation } from './app/validation';
export * from './auth';
export * from './errors';
export { NEXT_CURSOR, pageQuery } from './lists/pageQuery';
export {
  decodeCursor,
  encodeCursor,
  oneMore,
  type Page,
  type PageRequest,
  toPage,
} from './lists/pages';
export { createLogger, type Logger } from './logging/createLogger';
export {
  assertContentType,
  assertObjectKey,
  assertObjectPrefix,
} from './objects/objectKey';
export { contentDisposition } from './objects/contentDisposition';
export { objectRoutes } from './objects/objectRoutes';
export {
  type OpenApiDocument,
  type OpenApiInfo,
} from './openapi/createOpenApiDocument';
export * from './ports';
export type {
  ServiceDefinition,
  ServiceHealth,
} from './service/ServiceDefinition';
export { rememberHealth } from './service/rememberHealth';
export { checkHealth } from './service/serviceRoutes';
export {
  ALL_ROWS,
  type DatabaseOptions,
  inTransaction,
  type Migration,
  NewerDatabaseError,
  openDatabase,
} from './sqlite/openDatabase';
export * from './telemetry';
export { type Clock, type IdGenerator, randomId, systemClock } from './time';
export { attemptEach } from './workers/attemptEach';
export { COUNTED_WORK_DELIVERIES, countAttempt } from './workers/countAttempt';
export { QueueWorker, type QueueWorkerOptions } from './workers/QueueWorker';
export { type LeftWork, Recovery } from './workers/Recovery';
export { RepeatedWork } from './workers/RepeatedWork';
export type { Delivery, Worker } from './workers/Worker';
