/**
 * Model invocation service: classic and OpenAI-compatible routes over ports.
 *
 * @packageDocumentation
 */
export {
  createModelInvocation,
  type ModelInvocation,
  type ModelInvocationOptions,
} from './createModelInvocation';
export {
  type AwsCredentials,
  type BedrockConfig,
  bedrockConfigSchema,
  BedrockModelProvider,
  type BedrockModelProviderOptions,
  type CredentialsProvider,
} from './adapters/aws';
export { BUILT_IN_MODELS } from './adapters/local/BuiltInModelProvider';
export {
  type UpstreamConfig,
  upstreamConfigSchema,
} from './adapters/local/openai/upstreamConfig';
export { type ModelPrice, modelPricesSchema } from './domain/prices/PriceList';
export type { RetryPolicy } from './domain/calls/retry';
export type {
  ChatMessage,
  GenerationPart,
  Model,
  ModelKind,
} from './domain/Model';
export { type ModelAliases, modelAliasesSchema } from './domain/ModelCatalog';
export type { Embedder, Generator, TextRequest } from './domain/ModelFaces';
export type { CallGate, PlannedCall, Reservation } from './ports/CallGate';
export type { ModelProvider } from './ports/ModelProvider';
export type { ModelRecords } from './ports/ModelRecords';
export type { PromptSource } from './ports/PromptSource';
export type { UsageItem, UsageLedger, UsageRecord } from './ports/UsageLedger';
