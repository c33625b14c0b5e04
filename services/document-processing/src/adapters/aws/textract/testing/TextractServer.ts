import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TextractClient } from '@aws-sdk/client-textract';

/** An answer, or the name of an exception. */
export type TextractAnswer = object | string;

export type TextractRequest = { operation: string; input: any };

/** Answers like Textract, over HTTP, to the real client: what it is told, in that order. */
export class TextractServer {
  readonly requests: TextractRequest[] = [];
  /** By operation; the last one is repeated. */
  answers: Record<string, TextractAnswer[]> = {};
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request.setEncoding('utf8')) body += part;
      const operation = String(request.headers['x-amz-target']).split('.')[1];
      this.requests.push({ operation, input: JSON.parse(body) });
      const answers = this.answers[operation];
      const answer = answers.length > 1 ? answers.shift()! : answers[0];
      const isError = typeof answer === 'string';
      response.writeHead(isError ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.1',
      });
      const error = { __type: answer, message: 'of the test' };
      response.end(JSON.stringify(isError ? error : answer));
    });
  }

  async start(): Promise<TextractClient> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    return new TextractClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  requestsOf(name: string): any[] {
    return this.requests
      .filter(({ operation }) => operation === name)
      .map(({ input }) => input);
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
