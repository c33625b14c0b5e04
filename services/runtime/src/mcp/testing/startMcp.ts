import { buildApp, createLogger } from '@genai-environments/service-kit';
import {
  createTestAuth,
  type TestAuth,
} from '@genai-environments/service-kit/testing';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { findFreePort } from '../../app/freePort';
import { createMcpService, type McpPorts } from '..';

export const SCOPES = [
  'genai/vector.read',
  'genai/model.invoke',
  'genai/prompt.read',
];

const PASSAGE = {
  text: 'The sky is blue.',
  score: 0.9,
  fileName: 'sky.pdf',
  pageNumber: 2,
  chunkId: 'c1',
};

/** As answers tell of the one passage that is there. */
export const CITATION = {
  text: 'The sky is blue.',
  score: 0.9,
  file_name: 'sky.pdf',
  page_number: 2,
  chunk_id: 'c1',
};

/** The endpoint on a port, with scripted services behind it. */
export type McpHarness = {
  auth: TestAuth;
  url: URL;
  log: string[];
  ports: ReturnType<typeof scriptedPorts>;
  /** The protocol's own client, with a token of these scopes; all by default. */
  connect(scope?: string, clientId?: string): Promise<Client>;
  /** Sends a message without a client. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
};

/** @param chosen what the environment has; all of `ports` by default */
export async function startMcp(chosen?: McpPorts): Promise<McpHarness> {
  const log: string[] = [];
  const ports = scriptedPorts();
  const auth = await createTestAuth({ scopes: SCOPES });
  const port = await findFreePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const logger = createLogger({
    destination: { write: line => log.push(line) },
  });
  const service = createMcpService({
    ports: async () => chosen ?? ports,
    info: { name: 'demo', version: '1.0.0' },
    publicUrl,
    allowedOrigins: ['https://tools.example'],
    logger,
    newId: () => 'log-1',
  });
  const info = { title: 'Test', version: '1' };
  const app = await buildApp({ services: [service], auth, logger, info });
  await app.listen({ host: '127.0.0.1', port });

  const url = new URL(`${publicUrl}/mcp`);
  const clients: Client[] = [];
  return {
    auth,
    url,
    log,
    ports,
    async connect(scope = SCOPES.join(' '), clientId = 'app-1') {
      const client = new Client({ name: 'test', version: '1' });
      clients.push(client);
      const headers = await auth.bearer({ scope, clientId });
      await client.connect(
        new StreamableHTTPClientTransport(url, { requestInit: { headers } }),
      );
      return client;
    },
    async post(body, headers = {}) {
      return fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(await auth.bearer({ scope: SCOPES.join(' ') })),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    },
    async close() {
      await Promise.all(clients.splice(0).map(client => client.close()));
      await app.close();
    },
  };
}

function scriptedPorts() {
  return {
    search: jest.fn(async (..._args: unknown[]) => [PASSAGE]),
    answers: jest.fn(
      async (): Promise<any> => ({
        text: 'Blue [1].',
        model: 'm',
        citations: [PASSAGE],
      }),
    ),
    prompts: {
      list: jest.fn(async () => ({
        items: [
          {
            name: 'greet',
            version: 2,
            variables: {
              type: 'object',
              properties: { name: {}, mood: {} },
              required: ['name'],
            },
          },
          { name: 'foreign', version: 1 },
        ],
        nextCursor: 'next',
      })),
      render: jest.fn(async () => ({ text: 'Hello Ada', version: 2 })),
    },
  } satisfies McpPorts as unknown as {
    search: jest.Mock;
    answers: jest.Mock;
    prompts: { list: jest.Mock; render: jest.Mock };
  };
}
