import { type Clock, systemClock } from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import { OpenSearchServerlessIndex } from './OpenSearchServerlessIndex';
import { type CredentialsProvider, SearchConnection } from './SearchConnection';

/** Indexes in a collection of OpenSearch Serverless; nothing is asked of AWS yet. */
export function createOpenSearchServerlessIndex(options: {
  /** Of the collection, whose type must be `VECTORSEARCH`. */
  endpoint: string;
  region: string;
  table: DynamoTableClient;
  /** Default: as AWS's own tools find them. */
  credentials?: CredentialsProvider;
  clock?: Clock;
}): OpenSearchServerlessIndex {
  const { table, clock = systemClock } = options;
  const { credentials = defaultCredentials(), ...more } = options;
  const connection = new SearchConnection({ ...more, credentials, clock });
  return new OpenSearchServerlessIndex({ connection, table, clock });
}

/** The SDK's part for it is loaded by the first request. */
function defaultCredentials(): CredentialsProvider {
  let chain: Promise<CredentialsProvider> | undefined;
  return async () => {
    chain ??= import('@aws-sdk/credential-providers').then(
      ({ fromNodeProviderChain }) => fromNodeProviderChain(),
    );
    return (await chain)();
  };
}
