import {
  GetIndexCommand,
  ListVectorsCommand,
  type QueryVectorsCommandInput,
  S3VectorsClient,
} from '@aws-sdk/client-s3vectors';
import { awsEmulator } from '@genai-environments/service-kit/aws-testing';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, json } from 'node:stream/consumers';

type Query = Omit<QueryVectorsCommandInput, 'filter'> & { filter?: Filter };
type Filter = Record<string, any>;
type Metadata = Record<string, unknown>;

/**
 * moto keeps vector indexes but does not search them, and empties one that is created again.
 * This passes all requests on to it, refuses the latter, and answers `QueryVectors` itself,
 * exactly and by the documentation of its filters. Fields that are missing pass
 * `$exists: false` only, which is the strictest way to read it.
 */
export async function startVectorsEmulator(): Promise<{
  client: S3VectorsClient;
  close(): Promise<void>;
}> {
  const moto = new S3VectorsClient(awsEmulator());
  let created: Promise<unknown> = Promise.resolve();
  /** One after the other: of two at once, one finds the other's. */
  const create = (request: IncomingMessage) => {
    const answer = created.then(() => createOnce(moto, request));
    created = answer.catch(() => {});
    return answer;
  };
  const server = createServer((request, response) => {
    serve(request).then(
      ({ status, body, headers }) =>
        response.writeHead(status, headers).end(body),
      error => fail(response, error),
    );
  });
  function serve(request: IncomingMessage) {
    if (request.url === '/QueryVectors') return query(moto, request);
    return request.url === '/CreateIndex' ? create(request) : pass(request);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new S3VectorsClient({
    region: awsEmulator().region,
    endpoint: `http://127.0.0.1:${port}`,
  });
  return {
    client,
    async close() {
      client.destroy();
      moto.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function createOnce(moto: S3VectorsClient, request: IncomingMessage) {
  const body = await buffer(request);
  const { vectorBucketName, indexName } = JSON.parse(body.toString('utf8'));
  const exists = await moto
    .send(new GetIndexCommand({ vectorBucketName, indexName }))
    .then(
      () => true,
      () => false,
    );
  if (!exists) return pass(request, body);
  const error = new Error('There is an index of that name.');
  throw Object.assign(error, { name: 'ConflictException' });
}

async function pass(request: IncomingMessage, body?: Buffer) {
  const { host, connection, ...headers } = request.headers;
  const answer = await fetch(`${awsEmulator().endpoint}${request.url}`, {
    method: request.method,
    headers: { ...(headers as Record<string, string>) },
    body: body ?? (await buffer(request)),
  });
  const { status } = answer;
  const errorType = answer.headers.get('x-amzn-errortype');
  return {
    status,
    body: Buffer.from(await answer.arrayBuffer()),
    headers: {
      'content-type': 'application/json',
      ...(errorType ? { 'x-amzn-errortype': errorType } : {}),
    },
  };
}

async function query(moto: S3VectorsClient, request: IncomingMessage) {
  const input = (await json(request)) as Query;
  const { vectorBucketName, indexName, topK, filter, queryVector } = input;
  const { vectors = [] } = await moto.send(
    new ListVectorsCommand({
      vectorBucketName,
      indexName,
      returnData: true,
      returnMetadata: true,
    }),
  );
  const wanted = queryVector!.float32!;
  if (vectors.some(({ data }) => data!.float32!.length !== wanted.length)) {
    const error = new Error('Query vector has another dimension');
    throw Object.assign(error, { name: 'ValidationException' });
  }
  const found = vectors
    .filter(each => !filter || allows(filter, each.metadata as Metadata))
    .map(({ key, metadata, data }) => ({
      key,
      metadata,
      distance: 1 - cosine(data!.float32!, wanted),
    }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, topK);
  const body = JSON.stringify({ vectors: found, distanceMetric: 'cosine' });
  return {
    status: 200,
    body: Buffer.from(body),
    headers: { 'content-type': 'application/json' },
  };
}

function fail(response: ServerResponse, { name, message }: Error): void {
  const status =
    { NotFoundException: 404, ConflictException: 409 }[name] ?? 400;
  response
    .writeHead(status, { 'x-amzn-errortype': name })
    .end(JSON.stringify({ message }));
}

function cosine(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) =>
    x.reduce((sum, value, at) => sum + value * y[at], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function allows(filter: Filter, metadata: Metadata): boolean {
  return Object.entries(filter).every(([key, condition]) => {
    if (key === '$and')
      return condition.every((f: Filter) => allows(f, metadata));
    if (key === '$or')
      return condition.some((f: Filter) => allows(f, metadata));
    return Object.entries(condition).every(([operator, operand]) =>
      holds(operator, metadata[key], operand),
    );
  });
}

function holds(operator: string, field: unknown, operand: any): boolean {
  if (operator === '$exists') return (field !== undefined) === operand;
  if (field === undefined) return false;
  const values = Array.isArray(field) ? field : [field];
  switch (operator) {
    case '$eq':
      return values.includes(operand);
    case '$in':
      return values.some(value => operand.includes(value));
    case '$nin':
      return !values.some(value => operand.includes(value));
    case '$gt':
      return typeof field === 'number' && field > operand;
    case '$gte':
      return typeof field === 'number' && field >= operand;
    case '$lt':
      return typeof field === 'number' && field < operand;
    case '$lte':
      return typeof field === 'number' && field <= operand;
    default:
      throw new Error(`No operator ${operator}`);
  }
}
