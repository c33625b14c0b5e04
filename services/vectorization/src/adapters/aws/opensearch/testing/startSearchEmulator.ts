import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SearchIndex } from './SearchIndex';
import { verifySignature } from './verifySignature';

type Answer = { status: number; body: object };

export type SearchEmulator = {
  endpoint: string;
  indexes: Map<string, SearchIndex>;
  /** What was written so far is found from now on. */
  refresh(): void;
  /** Answers the next requests with these states. */
  failNext(...statuses: number[]): void;
  close(): Promise<void>;
};

/**
 * A vector search collection of OpenSearch Serverless in miniature, after the documentation of
 * its operations: it makes ids itself, refuses those of callers, unsigned requests and
 * everything that is not in its list, and may show changes only when told.
 *
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html
 */
export async function startSearchEmulator(
  options: {
    /** Whether changes wait for {@link SearchEmulator.refresh}; default no. */
    lags?: boolean;
  } = {},
): Promise<SearchEmulator> {
  const indexes = new Map<string, SearchIndex>();
  const failures: number[] = [];
  const refresh = () => indexes.forEach(index => index.refresh());

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { method = '', url: path = '', headers } = request;
    const body = await buffer(request);
    if (!(await verifySignature({ method, path, headers, body }))) {
      return { status: 403, body: { message: 'Forbidden' } };
    }
    const failure = failures.shift();
    if (failure) return { status: failure, body: {} };
    const answered = serve(indexes, { method, path, body });
    if (!options.lags) refresh();
    return answered;
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) => reply(response, status, body),
      error => reply(response, 400, { error: { reason: error.message } }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    indexes,
    refresh,
    failNext: (...statuses) => failures.push(...statuses),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(
  indexes: Map<string, SearchIndex>,
  request: { method: string; path: string; body: Buffer },
): Answer {
  const { method, path, body } = request;
  const [, name, operation, ...rest] = path.split('/');
  const index = indexes.get(name);
  const missing = {
    status: 404,
    body: { error: { type: 'index_not_found_exception' } },
  };
  switch (`${method} ${[operation, ...rest].join('/')}`) {
    case 'HEAD ':
      return { status: index ? 200 : 404, body: {} };
    case 'PUT ':
      if (index) return exists();
      indexes.set(name, new SearchIndex(JSON.parse(body.toString())));
      return { status: 200, body: { acknowledged: true } };
    case 'DELETE ':
      return indexes.delete(name)
        ? { status: 200, body: { acknowledged: true } }
        : missing;
    case 'POST _bulk':
      if (!index) indexes.set(name, new SearchIndex());
      return bulk(indexes.get(name)!, body.toString());
    case 'POST _search':
      if (!index) return missing;
      return {
        status: 200,
        body: { hits: { hits: index.search(JSON.parse(body.toString())) } },
      };
    default:
      return { status: 404, body: {} };
  }
}

function exists(): Answer {
  return {
    status: 400,
    body: { error: { type: 'resource_already_exists_exception' } },
  };
}

function bulk(index: SearchIndex, text: string): Answer {
  const lines = text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
  const items: object[] = [];
  while (lines.length > 0) {
    const action = lines.shift();
    items.push(
      action.delete
        ? { delete: remove(index, action.delete._id) }
        : { index: add(index, action.index, lines.shift()) },
    );
  }
  return { status: 200, body: { items } };
}

function add(index: SearchIndex, action: { _id?: string }, source: object) {
  const id = randomUUID();
  if (action._id !== undefined) {
    return refusal(
      'Document ID is not supported in create/index operation request',
    );
  }
  try {
    index.add({ id, source });
    return { _id: id, status: 201 };
  } catch (error) {
    return refusal((error as Error).message);
  }
}

function remove(index: SearchIndex, id: string) {
  return { _id: id, status: index.remove(id) ? 200 : 404 };
}

function refusal(reason: string) {
  return { status: 400, error: { type: 'illegal_argument_exception', reason } };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify(body));
}
