import { once } from 'node:events';
import { request } from 'node:http';
import {
  type App,
  buildApp,
  createLogger,
  NotFoundError,
} from '@genai-environments/service-kit';
import {
  createTestAuth,
  type TestAuth,
} from '@genai-environments/service-kit/testing';
import { extractResourceMetadataUrl } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { GetPromptResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { findFreePort } from '../app/freePort';
import { createMcpService, type McpPorts } from '.';

const SCOPES = ['genai/vector.read', 'genai/model.invoke', 'genai/prompt.read'];
const PASSAGE = {
  text: 'The sky is blue.',
  score: 0.9,
  fileName: 'sky.pdf',
  pageNumber: 2,
  chunkId: 'c1',
};
const CITATION = {
  text: 'The sky is blue.',
  score: 0.9,
  file_name: 'sky.pdf',
  page_number: 2,
  chunk_id: 'c1',
};

describe('MCP endpoint', () => {
  let auth: TestAuth;
  let app: App;
  let url: URL;
  let log: string[];
  let ports: {
    search: jest.Mock;
    answers: jest.Mock;
    prompts: { list: jest.Mock; render: jest.Mock };
  };
  const clients: Client[] = [];

  async function start(chosen: McpPorts) {
    const port = await findFreePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const logger = createLogger({
      destination: { write: line => log.push(line) },
    });
    app = await buildApp({
      services: [
        createMcpService({
          ports: chosen,
          info: { name: 'demo', version: '1.0.0' },
          publicUrl,
          allowedOrigins: ['https://tools.example'],
          logger,
          newId: () => 'log-1',
        }),
      ],
      auth,
      logger,
      info: { title: 'Test', version: '1' },
    });
    await app.listen({ host: '127.0.0.1', port });
    url = new URL(`${publicUrl}/mcp`);
  }

  beforeEach(async () => {
    log = [];
    auth = await createTestAuth({ scopes: SCOPES });
    ports = {
      search: jest.fn(async () => [PASSAGE]),
      answers: jest.fn(async () => ({
        text: 'Blue [1].',
        model: 'm',
        citations: [PASSAGE],
      })),
      prompts: {
        list: jest.fn(async () => ({
          items: [
            {
              name: 'greet',
              version: 2,
              variables: {
                type: 'object',
                properties: { name: {}, mood: {} },
                required: ['name'],
              },
            },
            { name: 'foreign', version: 1 },
          ],
          nextCursor: 'next',
        })),
        render: jest.fn(async () => ({ text: 'Hello Ada', version: 2 })),
      },
    };
    await start(ports);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()));
    await app.close();
  });

  /** The protocol's own client, with a token of these scopes. */
  async function connect(scope = SCOPES.join(' '), clientId = 'app-1') {
    const client = new Client({ name: 'test', version: '1' });
    clients.push(client);
    await client.connect(
      new StreamableHTTPClientTransport(url, {
        requestInit: { headers: await auth.bearer({ scope, clientId }) },
      }),
    );
    return client;
  }

  async function post(
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(await auth.bearer({ scope: SCOPES.join(' ') })),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  it('introduces itself and lists its tools', async () => {
    const client = await connect();
    expect(client.getServerVersion()).toMatchObject({ name: 'demo' });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'search',
      'answer',
      'list_prompts',
      'render_prompt',
    ]);
    expect(tools[0].inputSchema).toMatchObject({
      type: 'object',
      required: ['index_id', 'query'],
    });
  });

  it('searches on behalf of the application', async () => {
    const client = await connect();
    const result = await client.callTool({
      name: 'search',
      arguments: { index_id: 'i1', query: 'sky', mode: 'hybrid' },
    });
    expect(result).toMatchObject({
      content: [
        { type: 'text', text: '[1] sky.pdf, page 2\nThe sky is blue.' },
      ],
      structuredContent: { passages: [CITATION] },
    });
    expect(ports.search).toHaveBeenCalledWith('app-1', {
      indexId: 'i1',
      query: 'sky',
      topK: 4,
      mode: 'hybrid',
      filter: undefined,
    });
  });

  it('answers with citations', async () => {
    const client = await connect(SCOPES.join(' '), 'app-2');
    await client.listTools();
    expect(
      await client.callTool({
        name: 'answer',
        arguments: { index_id: 'i1', question: 'Which colour?' },
      }),
    ).toMatchObject({
      content: [{ text: 'Blue [1].\n\nSources:\n- sky.pdf, page 2' }],
      structuredContent: {
        answer: 'Blue [1].',
        model: 'm',
        citations: [CITATION],
      },
    });
    expect(ports.answers.mock.calls[0][0]).toBe('app-2');

    ports.answers.mockResolvedValue({ text: 'Nothing found.', citations: [] });
    expect(
      await client.callTool({
        name: 'answer',
        arguments: { index_id: 'i1', question: 'Which colour?' },
      }),
    ).toMatchObject({
      content: [{ text: 'Nothing found.' }],
      structuredContent: { answer: 'Nothing found.', citations: [] },
    });
  });

  it('lists and renders prompt templates', async () => {
    const client = await connect();
    await client.listTools();
    expect(
      await client.callTool({ name: 'list_prompts', arguments: {} }),
    ).toMatchObject({
      content: [{ text: 'greet (version 2): name, mood\nforeign (version 1)' }],
      structuredContent: { next_cursor: 'next' },
    });
    expect(
      await client.callTool({
        name: 'render_prompt',
        arguments: {
          name: 'greet',
          label: 'production',
          variables: { name: 1 },
        },
      }),
    ).toMatchObject({
      structuredContent: { name: 'greet', version: 2, text: 'Hello Ada' },
    });
    expect(ports.prompts.render).toHaveBeenCalledWith('app-1', {
      name: 'greet',
      label: 'production',
      variables: { name: 1 },
    });
  });

  it('offers templates as prompts', async () => {
    const client = await connect();
    expect(await client.listPrompts()).toEqual({
      prompts: [
        {
          name: 'greet',
          description: 'Prompt template "greet", version 2',
          arguments: [
            { name: 'name', required: true },
            { name: 'mood', required: false },
          ],
        },
      ],
      nextCursor: 'next',
    });
    expect(
      await client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } }),
    ).toMatchObject({
      messages: [
        { role: 'user', content: { type: 'text', text: 'Hello Ada' } },
      ],
    });
    ports.prompts.render.mockRejectedValue(
      new NotFoundError('No such prompt.'),
    );
    await expect(client.getPrompt({ name: 'nope' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('No such prompt.'),
    });
  });

  it('shows and opens only what the scopes of the token allow', async () => {
    const client = await connect('genai/vector.read');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['search']);
    expect(client.getServerCapabilities()).not.toHaveProperty('prompts');
    await expect(
      client.callTool({
        name: 'answer',
        arguments: { index_id: 'i1', question: 'x' },
      }),
    ).rejects.toMatchObject({ code: -32602 });
    await expect(
      client.request(
        { method: 'prompts/get', params: { name: 'greet' } },
        GetPromptResultSchema,
      ),
    ).rejects.toMatchObject({ code: -32601 });
    expect(ports.answers).not.toHaveBeenCalled();
    expect(ports.prompts.render).not.toHaveBeenCalled();
  });

  it('has no tools for services that are not there', async () => {
    await app.close();
    await start({ prompts: ports.prompts });
    const { tools } = await (await connect()).listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'list_prompts',
      'render_prompt',
    ]);
  });

  it('tells the model what was wrong, and nobody the inside', async () => {
    const client = await connect();
    const search = (more: object) =>
      client.callTool({
        name: 'search',
        arguments: { index_id: 'i1', query: 'x', ...more },
      });
    expect(await search({ top_k: 1000 })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('"top_k" in the arguments') }],
    });
    ports.search.mockRejectedValueOnce(new NotFoundError('No such index.'));
    expect(await search({})).toMatchObject({
      isError: true,
      content: [{ text: 'No such index.' }],
    });
    ports.search.mockRejectedValueOnce(new Error('password is hunter2'));
    const broken = await search({});
    expect(JSON.stringify(broken)).not.toContain('hunter2');
    expect(broken).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('log-1') }],
    });
    expect(log.join()).toContain('"logId":"log-1"');
  });

  it('ends the work of a caller that hangs up', async () => {
    let signal: AbortSignal | undefined;
    const called = new Promise<void>(resolve => {
      ports.answers.mockImplementation((_id, _request, options) => {
        signal = options.signal;
        resolve();
        return new Promise(() => {});
      });
    });
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'answer', arguments: { index_id: 'i', question: 'q' } },
    });
    const call = request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(await auth.bearer({ scope: SCOPES.join(' ') })),
      },
    });
    call.on('error', () => {});
    call.end(body);
    await called;
    const aborted = once(signal!, 'abort');
    call.destroy();
    await aborted;
    expect(signal!.aborted).toBe(true);
  });

  describe('over HTTP', () => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

    it('answers one message with one', async () => {
      const answer = await post(ping);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({
        jsonrpc: '2.0',
        id: 1,
        result: {},
      });
      const told = await post({
        jsonrpc: '2.0',
        method: 'notifications/initialized',
      });
      expect(told.status).toBe(202);
    });

    it.each([
      ['a foreign page', { origin: 'https://evil.example' }, 403],
      ['a page without origin', { origin: 'null' }, 403],
      ['an allowed page', { origin: 'https://tools.example' }, 200],
      ['no token', { authorization: '' }, 401],
      ['another media type', { 'content-type': 'text/plain' }, 415],
      ['a client that takes no JSON', { accept: 'text/html' }, 406],
      ['an unknown protocol', { 'mcp-protocol-version': '1999-01-01' }, 400],
    ])('answers %s', async (_name, headers, status) => {
      const answer = await post(ping, headers as Record<string, string>);
      expect(answer.status).toBe(status);
    });

    it.each([
      ['{"jsonrpc":', 400],
      [[ping], 422],
      [{ ...ping, jsonrpc: '1.0' }, 422],
      [{ jsonrpc: '2.0' }, 400],
    ])('refuses %j', async (body, status) => {
      expect((await post(body)).status).toBe(status);
    });

    it('answers 403 to a token without any of its scopes', async () => {
      auth.directory.put({ clientId: 'app-1', enabled: true, scopes: ['x'] });
      const answer = await post(ping, await auth.bearer({ scope: 'x' }));
      expect(answer.status).toBe(403);
    });

    it('has no sessions to read or to end', async () => {
      for (const method of ['GET', 'DELETE']) {
        const answer = await fetch(url, {
          method,
          headers: await auth.bearer({ scope: SCOPES.join(' ') }),
        });
        expect(answer.status).toBe(405);
        expect(answer.headers.get('allow')).toBe('POST');
      }
    });

    it.each([
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource',
    ])('says at %s where tokens come from', async path => {
      const answer = await fetch(new URL(path, url));
      expect(answer.status).toBe(200);
      expect(answer.headers.has('www-authenticate')).toBe(false);
      expect(await answer.json()).toMatchObject({
        resource: url.href,
        authorization_servers: [url.origin],
      });
    });

    it.each([
      ['without a token', '', 401],
      ['with a token that is none', 'Bearer x', 401],
    ])('tells a client %s where that is said', async (_what, sent, status) => {
      const answer = await post(ping, { authorization: sent });
      expect(answer.status).toBe(status);
      const challenge = answer.headers.get('www-authenticate');
      expect(challenge).toMatch(/^Bearer realm="genai-environment"/);
      expect(extractResourceMetadataUrl(answer)?.href).toBe(
        `${url.origin}/.well-known/oauth-protected-resource/mcp`,
      );
    });
  });
});
