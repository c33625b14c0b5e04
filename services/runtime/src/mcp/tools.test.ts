import { once } from 'node:events';
import { request } from 'node:http';
import { NotFoundError } from '@genai-environments/service-kit';
import { GetPromptResultSchema } from '@modelcontextprotocol/sdk/types.js';
import {
  CITATION,
  type McpHarness,
  SCOPES,
  startMcp,
} from './testing/startMcp';

describe('MCP endpoint', () => {
  let mcp: McpHarness;
  beforeEach(async () => {
    mcp = await startMcp();
  });
  afterEach(() => mcp.close());

  it('introduces itself and lists its tools', async () => {
    const client = await mcp.connect();
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
    const client = await mcp.connect();
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
    expect(mcp.ports.search).toHaveBeenCalledWith('app-1', {
      indexId: 'i1',
      query: 'sky',
      topK: 4,
      mode: 'hybrid',
      filter: undefined,
    });
  });

  it('answers with citations', async () => {
    const client = await mcp.connect(SCOPES.join(' '), 'app-2');
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
    expect(mcp.ports.answers.mock.calls[0][0]).toBe('app-2');

    mcp.ports.answers.mockResolvedValue({
      text: 'Nothing found.',
      citations: [],
    });
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
    const client = await mcp.connect();
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
    expect(mcp.ports.prompts.render).toHaveBeenCalledWith('app-1', {
      name: 'greet',
      label: 'production',
      variables: { name: 1 },
    });
  });

  it('offers templates as prompts', async () => {
    const client = await mcp.connect();
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
    mcp.ports.prompts.render.mockRejectedValue(
      new NotFoundError('No such prompt.'),
    );
    await expect(client.getPrompt({ name: 'nope' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('No such prompt.'),
    });
  });

  it('shows and opens only what the scopes of the token allow', async () => {
    const client = await mcp.connect('genai/vector.read');
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
    expect(mcp.ports.answers).not.toHaveBeenCalled();
    expect(mcp.ports.prompts.render).not.toHaveBeenCalled();
  });

  const READ = 'genai/vector.read';
  const INVOKE = 'genai/model.invoke';
  it.each<[string, string[]]>([
    [READ, ['search']],
    [INVOKE, []],
    [`${READ} ${INVOKE}`, ['search', 'answer']],
    ['genai/prompt.read', ['list_prompts', 'render_prompt']],
    [`${INVOKE} genai/prompt.read`, ['list_prompts', 'render_prompt']],
  ])('runs with %s the tools %j', async (scope, expected) => {
    const client = await mcp.connect(scope);
    const hasTools = client.getServerCapabilities()?.tools !== undefined;
    const { tools } = hasTools ? await client.listTools() : { tools: [] };
    expect(tools.map(({ name }) => name)).toEqual(expected);
    const answer = client.callTool({
      name: 'answer',
      arguments: { index_id: 'i1', question: 'x' },
    });
    const ran = await answer.then(
      () => true,
      () => false,
    );
    expect(ran).toBe(expected.includes('answer'));
    expect(mcp.ports.answers).toHaveBeenCalledTimes(ran ? 1 : 0);
  });

  it('has no tools for services that are not there', async () => {
    await mcp.close();
    mcp = await startMcp({ prompts: mcp.ports.prompts });
    const { tools } = await (await mcp.connect()).listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'list_prompts',
      'render_prompt',
    ]);
  });

  it('tells the model what was wrong, and nobody the inside', async () => {
    const client = await mcp.connect();
    const search = (more: object) =>
      client.callTool({
        name: 'search',
        arguments: { index_id: 'i1', query: 'x', ...more },
      });
    expect(await search({ top_k: 1000 })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('"top_k" in the arguments') }],
    });
    mcp.ports.search.mockRejectedValueOnce(new NotFoundError('No such index.'));
    expect(await search({})).toMatchObject({
      isError: true,
      content: [{ text: 'No such index.' }],
    });
    mcp.ports.search.mockRejectedValueOnce(new Error('password is hunter2'));
    const broken = await search({});
    expect(JSON.stringify(broken)).not.toContain('hunter2');
    expect(broken).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('log-1') }],
    });
    expect(mcp.log.join()).toContain('"logId":"log-1"');
  });

  it('ends the work of a caller that hangs up', async () => {
    let signal: AbortSignal | undefined;
    const called = new Promise<void>(resolve => {
      mcp.ports.answers.mockImplementation((_id, _request, options) => {
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
    const call = request(mcp.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(await mcp.auth.bearer({ scope: SCOPES.join(' ') })),
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
});
