import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { FakeBedrock } from './FakeBedrock';

/** What the SDK adds for AWS's own statistics, and `content-length`; we sign neither. */
const NOT_OURS = [
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'x-amz-user-agent',
  'content-length',
  'accept',
];

/** AWS's own client, which signs the headers that the adapter signs. */
export function createSdkClient(bedrock: FakeBedrock): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: 'eu-central-1',
    endpoint: bedrock.endpoint,
    credentials: bedrock.credentials,
    // Its default is HTTP/2, also without TLS.
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
  client.middlewareStack.addRelativeTo(
    (next: (args: any) => Promise<any>) => async (args: any) => {
      const { headers } = args.request as { headers: Record<string, string> };
      for (const name of NOT_OURS) delete headers[name];
      return next(args);
    },
    {
      relation: 'before',
      toMiddleware: 'httpSigningMiddleware',
      name: 'signWhatTheAdapterSigns',
    },
  );
  return client;
}
