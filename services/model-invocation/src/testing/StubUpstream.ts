import { once } from 'node:events';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the upstream got it. */
export type ReceivedRequest = {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Record<string, any>;
  raw: string;
};

export type Behaviour = (
  request: ReceivedRequest,
  response: ServerResponse,
) => void;

/** An OpenAI-compatible server on real loopback HTTP that does what a test tells it. */
export class StubUpstream {
  readonly received: ReceivedRequest[] = [];
  behave: Behaviour = answerCompletion('Hello.');
  /** Resolves when a client breaks off a response. */
  readonly hungUp: Promise<void>;
  private noteHangUp = () => {};

  private constructor(private readonly server: Server) {
    this.hungUp = new Promise(resolve => {
      this.noteHangUp = resolve;
    });
    server.on('request', (request, response) => this.handle(request, response));
  }

  static async start(): Promise<StubUpstream> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new StubUpstream(server);
  }

  get baseUrl(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
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
    const received = {
      method: request.method!,
      url: request.url!,
      headers: request.headers,
      raw,
      body: raw ? JSON.parse(raw) : {},
    };
    this.received.push(received);
    this.behave(received, response);
  }
}

/** Answers with JSON. */
export function answerJson(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Behaviour {
  return (_request, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A chat completion with usage 11/7. */
export function answerCompletion(text: string, more: object = {}): Behaviour {
  return (request, response) =>
    answerJson(200, {
      id: 'chatcmpl-stub',
      object: 'chat.completion',
      created: 1,
      model: request.body.model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: text },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
      ...more,
    })(request, response);
}

/** One chunk of a streamed completion. */
export function textChunk(text: string): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-stub',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'stub-chat',
    choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
  })}\n\n`;
}

export const USAGE_CHUNK = `data: ${JSON.stringify({
  id: 'chatcmpl-stub',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'stub-chat',
  choices: [],
  usage: { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 },
})}\n\n`;

export const DONE = 'data: [DONE]\n\n';

export function startStream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}

/** A chunk of a streamed completion with the given delta. */
export function deltaChunk(delta: object, finishReason: string | null = null) {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-stub',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'stub-chat',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`;
}

/** Answers with a stream of the given events. */
export function answerStream(...events: string[]): Behaviour {
  return (_request, response) => {
    startStream(response);
    for (const event of events) response.write(event);
    response.end();
  };
}

/** The chunks of one streamed tool call `weather({"city":"Bonn"})` after a text. */
export const TOOL_CALL_STREAM = [
  deltaChunk({ role: 'assistant', content: 'Let me look.' }),
  deltaChunk({
    tool_calls: [
      {
        index: 0,
        id: 'call_1',
        type: 'function',
        function: { name: 'weather', arguments: '' },
      },
    ],
  }),
  deltaChunk({
    tool_calls: [{ index: 0, function: { arguments: '{"city":' } }],
  }),
  deltaChunk({
    tool_calls: [{ index: 0, function: { arguments: '"Bonn"}' } }],
  }),
  deltaChunk({}, 'tool_calls'),
  USAGE_CHUNK,
  DONE,
];

/** A completion that calls `weather({"city":"Bonn"})`. */
export const TOOL_CALL_COMPLETION = {
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'weather', arguments: '{"city":"Bonn"}' },
          },
        ],
      },
      finish_reason: 'tool_calls',
    },
  ],
};
