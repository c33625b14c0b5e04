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
export type { Model, ModelKind } from './domain/Model';
export type { UsageItem, UsageLedger, UsageRecord } from './ports/UsageLedger';
