/** @jest-environment node */
import { execFile } from 'child_process';
import { mkdtemp, rm, writeFile } from 'fs/promises';
import { createServer, IncomingMessage, Server } from 'http';
import type { AddressInfo } from 'net';
import { join } from 'path';
import { promisify } from 'util';
import { createSnippets } from './snippets';

const run = promisify(execFile);
const CLIENT_ID = "client-it's";
const SECRET = 'a secret $HOME "quoted"';

/** Stands for an environment: a token endpoint and one model route. */
function serveEnvironment(): Server {
  return createServer(async (request, response) => {
    const body = await readBody(request);
    const { authorization } = request.headers;
    const answer = (status: number, value: object) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (request.url === '/oauth2/token') {
      const basic = Buffer.from(`${CLIENT_ID}:${SECRET}`).toString('base64');
      const isRight =
        request.method === 'POST' &&
        authorization === `Basic ${basic}` &&
        new URLSearchParams(body).get('grant_type') === 'client_credentials';
      answer(
        isRight ? 200 : 401,
        isRight
          ? { access_token: 'the-token', expires_in: 3600 }
          : { error: 'invalid_client' },
      );
    } else if (authorization !== 'Bearer the-token') {
      answer(401, { detail: 'No token.' });
    } else {
      const { model, messages } = JSON.parse(body);
      const content = `${model} heard: ${messages[0].content}`;
      answer(200, {
        id: 'x',
        object: 'chat.completion',
        created: 0,
        model,
        choices: [
          {
            index: 0,
            finish_reason: 'stop',
            message: { role: 'assistant', content },
          },
        ],
      });
    }
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

describe('createSnippets', () => {
  let server: Server;
  let directory: string;
  let snippets: ReturnType<typeof createSnippets>;

  beforeAll(async () => {
    server = serveEnvironment();
    await new Promise<void>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve()),
    );
    const endpoint = `http://127.0.0.1:${
      (server.address() as AddressInfo).port
    }`;
    snippets = createSnippets({
      endpoint,
      tokenUrl: `${endpoint}/oauth2/token`,
      clientId: CLIENT_ID,
      model: 'local.extractive',
    });
    // Below this file, so that the project's own `openai` package is found.
    directory = await mkdtemp(join(__dirname, 'snippet-'));
  });

  afterAll(async () => {
    await rm(directory, { recursive: true });
    await new Promise(resolve => server.close(resolve));
  });

  const env = () => ({ ...process.env, GENAI_CLIENT_SECRET: SECRET });
  const codeOf = (id: string) => snippets.find(s => s.id === id)!.code;
  const expected = 'local.extractive heard: Invoices are due in 30 days.';

  it('runs with the OpenAI SDK for TypeScript', async () => {
    const file = join(directory, 'first-call.mts');
    await writeFile(file, codeOf('typescript'));
    const { stdout } = await run(process.execPath, [file], { env: env() });
    expect(stdout).toContain(expected);
  });

  it('calls the same from a shell and from Python', () => {
    for (const id of ['curl', 'python']) {
      for (const part of ['/oauth2/token', '/v1', 'in 30 days']) {
        expect(codeOf(id)).toContain(part);
      }
    }
  });

  it('never holds a secret', () => {
    for (const { code } of snippets) {
      expect(code).toContain('GENAI_CLIENT_SECRET');
      expect(code).not.toContain(SECRET);
    }
  });
});
