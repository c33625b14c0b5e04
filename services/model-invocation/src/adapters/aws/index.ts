/** Adapters for AWS. */
export {
  type BedrockConfig,
  bedrockConfigSchema,
} from './bedrock/bedrockConfig';
export {
  BedrockModelProvider,
  type BedrockModelProviderOptions,
} from './bedrock/BedrockModelProvider';
export type { CredentialsProvider } from './bedrock/CredentialCache';
export type { AwsCredentials } from './bedrock/RequestSigner';
