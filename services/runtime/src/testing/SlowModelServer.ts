import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

const ANSWER = JSON.stringify({
  id: 'completion-1',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'late' },
    },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 1 },
});

/** Stands in for an OpenAI-compatible server: answers "late" when it is told to. */
export class SlowModelServer {
  private readonly server = createServer();
  private readonly waiting: Promise<ServerResponse> = once(
    this.server,
    'request',
  ).then(([request, response]) =>
    once(request.resume(), 'end').then(() => response),
  );

  /** Value of `GENAI_UPSTREAMS` under which the model `slow` is served here. */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as { port: number };
    return JSON.stringify([
      {
        id: 'stub',
        baseUrl: `http://127.0.0.1:${port}/v1`,
        models: [{ id: 'slow', kind: 'text' }],
      },
    ]);
  }

  async asked(): Promise<void> {
    await this.waiting;
  }

  async answer(): Promise<void> {
    const response = await this.waiting;
    response.setHeader('content-type', 'application/json').end(ANSWER);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
