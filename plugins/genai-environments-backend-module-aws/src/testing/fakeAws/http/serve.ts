import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from '../AwsError';
import { Disconnect } from '../Faults';
import { toJson } from './json';
import { parseQuery, queryAnswer, queryError } from './query';

/** A request, whatever protocol it came in. */
export type Incoming = {
  service: string;
  operation: string;
  region: string;
  accessKeyId: string;
  process: string;
  input: Record<string, any>;
  /** REST only. */
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
};

/** What a REST handler answers. */
export type RestAnswer = {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
};

export type Handler = (incoming: Incoming) => object | RestAnswer | undefined;

const QUERY_SERVICES = new Set(['cloudformation', 'sts']);
const REST_SERVICES = new Set(['s3', 's3vectors', 'bedrock']);

/** Listens on a free port of the loopback interface. */
export async function serve(
  handle: Handler,
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    void answer(request, response, handle);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: Handler,
) {
  const incoming = await read(request);
  try {
    const output = handle(incoming) ?? {};
    if (REST_SERVICES.has(incoming.service)) {
      const { status = 200, headers, body } = output as RestAnswer;
      response.writeHead(status, headers).end(body);
    } else if (QUERY_SERVICES.has(incoming.service)) {
      const body = queryAnswer(incoming.operation, output);
      response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
    } else {
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end(toJson(output));
    }
  } catch (error) {
    if (error instanceof Disconnect) request.socket.destroy();
    else refuse(incoming, response, error);
  }
}

function refuse(incoming: Incoming, response: ServerResponse, error: unknown) {
  const { code, message, status } =
    error instanceof AwsError
      ? error
      : new AwsError('FakeBroken', (error as Error).stack ?? '', 500);
  if (incoming.service === 's3') {
    const body = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(incoming.method === 'HEAD' ? undefined : body);
  } else if (QUERY_SERVICES.has(incoming.service)) {
    const body = queryError(code, message, status < 500);
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  } else {
    response
      .writeHead(status, {
        'content-type': 'application/json',
        'x-amzn-errortype': code,
      })
      .end(JSON.stringify({ __type: code, message }));
  }
}

async function read(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const { headers, method = 'GET' } = request;
  const url = new URL(request.url ?? '/', 'http://fake');
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(
    headers.authorization ?? '',
  );
  const [, accessKeyId = '', region = '', service = ''] = scope ?? [];
  const agent = `${headers['user-agent']} ${headers['x-amz-user-agent']}`;
  const common = {
    ...{ service, region, accessKeyId, method, body },
    process: /process[/-](\w+)/.exec(agent)?.[1] ?? 'test',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
  };
  if (QUERY_SERVICES.has(service)) {
    const { Action, Version: _, ...input } = parseQuery(body);
    return { ...common, operation: Action, input };
  }
  const target = headers['x-amz-target'];
  const operation = String(target).split('.').at(-1)!;
  const input = target && body ? JSON.parse(body) : {};
  return { ...common, operation: target ? operation : '', input };
}
