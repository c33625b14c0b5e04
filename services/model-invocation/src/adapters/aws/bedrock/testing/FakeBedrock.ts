import type { AwsCredentials } from '../RequestSigner';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAsModels } from './fakeModels';
import { verifySignature } from './verifySignature';

/** A request as Bedrock got it. */
export type ReceivedCall = {
  method: string;
  /** As it came, percent-encoded. */
  path: string;
  headers: IncomingMessage['headers'];
  raw: string;
  body: any;
};

export type FakeBehaviour = (
  call: ReceivedCall,
  response: ServerResponse,
) => void;

/**
 * A fake of Bedrock's runtime on loopback HTTP. Checks signatures as AWS does, by AWS's
 * own library, and otherwise does what a test tells it.
 */
export class FakeBedrock {
  readonly received: ReceivedCall[] = [];
  behave: FakeBehaviour = answerAsModels;
  /** What it knows callers by. */
  credentials: AwsCredentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'a-session-token/+=',
  };
  /** Resolves when a client breaks off a response. */
  readonly hungUp: Promise<void>;
  private noteHangUp = () => {};

  private constructor(private readonly server: Server) {
    this.hungUp = new Promise(resolve => {
      this.noteHangUp = resolve;
    });
    server.on('request', (request, response) => this.handle(request, response));
  }

  static async start(): Promise<FakeBedrock> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new FakeBedrock(server);
  }

  get endpoint(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse) {
    response.on('close', () => {
      if (!response.writableFinished) this.noteHangUp();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString('utf8');
    const call: ReceivedCall = {
      method: request.method!,
      path: request.url!,
      headers: request.headers,
      raw,
      body: raw ? JSON.parse(raw) : undefined,
    };
    this.received.push(call);
    if (call.method === 'GET') {
      response.writeHead(404).end();
    } else if (await verifySignature(call, this.credentials)) {
      this.behave(call, response);
    } else {
      answerException(
        403,
        'InvalidSignatureException',
        'It does not match.',
      )(call, response);
    }
  }
}

/** Answers as Bedrock tells an exception. */
export function answerException(
  status: number,
  name: string,
  message: string,
  headers: Record<string, string> = {},
): FakeBehaviour {
  return (_call, response) =>
    response
      .writeHead(status, {
        'content-type': 'application/json',
        'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
        ...headers,
      })
      .end(JSON.stringify({ message }));
}

/** Answers with JSON. */
export function answerJson(
  body: unknown,
  headers: Record<string, string> = {},
): FakeBehaviour {
  return (_call, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
}
