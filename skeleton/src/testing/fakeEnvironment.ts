import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake answers to `POST /v1/chat/completions`, given the request's JSON. */
export type ChatBehaviour = (
  response: ServerResponse,
  body: {
    model: string;
    stream: boolean;
    messages: Array<{ role: string; content: string }>;
  },
) => void | Promise<void>;

/**
 * A stand-in for an environment, for tests: a token endpoint and a chat endpoint on
 * loopback that count what they are asked and check credentials as a real one does.
 */
export class FakeEnvironment {
  readonly clientId = 'fake-app';
  readonly clientSecret = 'fake secret:+%';
  readonly model = 'fake.text';
  tokenRequests = 0;
  chatRequests: Array<Parameters<ChatBehaviour>[1]> = [];
  /** Status of the token endpoint while it is not 200. */
  tokenStatus = 200;
  tokenLifetimeSeconds = 3600;
  behaviour: ChatBehaviour = (response, body) =>
    streamText(response, ['You said: ', body.messages.at(-1)?.content ?? '']);

  private validToken = '';
  private readonly server = createServer((request, response) => {
    void this.answer(request, response);
  });

  static async start(): Promise<FakeEnvironment> {
    const environment = new FakeEnvironment();
    environment.server.listen(0, '127.0.0.1');
    await once(environment.server, 'listening');
    return environment;
  }

  get endpoint(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** What the app is started with. */
  get variables(): Record<string, string> {
    return {
      HOST: '127.0.0.1',
      PORT: '0',
      APP_BASE_PATH: '/app',
      GENAI_ENVIRONMENT_NAME: 'fake-environment',
      GENAI_ENDPOINT: this.endpoint,
      GENAI_TOKEN_URL: `${this.endpoint}/oauth2/token`,
      GENAI_CLIENT_ID: this.clientId,
      GENAI_CLIENT_SECRET: this.clientSecret,
      GENAI_TEXT_MODEL: this.model,
    };
  }

  /** Tokens issued so far are refused from now on. */
  revokeTokens(): void {
    this.validToken = '';
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (request.url === '/oauth2/token') {
      this.answerToken(request, response, body);
    } else if (request.headers.authorization !== `Bearer ${this.validToken}`) {
      response.writeHead(401).end();
    } else {
      const parsed = JSON.parse(body) as Parameters<ChatBehaviour>[1];
      this.chatRequests.push(parsed);
      await this.behaviour(response, parsed);
    }
  }

  private answerToken(
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
  ): void {
    this.tokenRequests += 1;
    const encode = (value: string) =>
      new URLSearchParams([['', value]]).toString().slice(1);
    const pair = `${encode(this.clientId)}:${encode(this.clientSecret)}`;
    const expected = `Basic ${Buffer.from(pair).toString('base64')}`;
    if (this.tokenStatus !== 200) {
      response.writeHead(this.tokenStatus).end();
    } else if (
      request.headers.authorization !== expected ||
      new URLSearchParams(body).get('grant_type') !== 'client_credentials'
    ) {
      response.writeHead(401).end();
    } else {
      this.validToken = `token-${this.tokenRequests}`;
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(
        JSON.stringify({
          access_token: this.validToken,
          token_type: 'Bearer',
          expires_in: this.tokenLifetimeSeconds,
        }),
      );
    }
  }
}

export function writeChunk(response: ServerResponse, chunk: unknown): void {
  if (!response.headersSent) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  }
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

export function textChunk(content: string) {
  return { model: 'fake.text', choices: [{ delta: { content } }] };
}

/** Streams `parts` as the chunks of one complete answer. */
export function streamText(response: ServerResponse, parts: string[]): void {
  for (const part of parts) writeChunk(response, textChunk(part));
  writeChunk(response, {
    model: 'fake.text',
    choices: [{ delta: {}, finish_reason: 'stop' }],
  });
  writeChunk(response, {
    model: 'fake.text',
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: parts.length },
  });
  response.end('data: [DONE]\n\n');
}
