import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers credentials as the agent of ECS does for the role of a task. */
export class TaskCredentials {
  /** How often somebody asked. */
  asked = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TaskCredentials> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const credentials = new TaskCredentials(server);
    server.on('request', (_request, response) => {
      credentials.asked += 1;
      response.setHeader('content-type', 'application/json').end(
        JSON.stringify({
          AccessKeyId: 'test',
          SecretAccessKey: 'test',
          Token: 'of-the-task',
          Expiration: new Date(Date.now() + 3_600_000).toISOString(),
        }),
      );
    });
    return credentials;
  }

  /** Variables of a container that is to use them. */
  get variables(): Record<string, string | undefined> {
    const { port } = this.server.address() as AddressInfo;
    return {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/`,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }
}
