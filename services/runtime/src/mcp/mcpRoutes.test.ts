import { extractResourceMetadataUrl } from '@modelcontextprotocol/sdk/client/auth.js';
import { type McpHarness, SCOPES, startMcp } from './testing/startMcp';

describe('MCP over HTTP', () => {
  let mcp: McpHarness;
  beforeEach(async () => {
    mcp = await startMcp();
  });
  afterEach(() => mcp.close());

  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

  it('answers one message with one', async () => {
    const answer = await mcp.post(ping);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: {},
    });
    const told = await mcp.post({
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
    const answer = await mcp.post(ping, headers as Record<string, string>);
    expect(answer.status).toBe(status);
  });

  it.each([
    ['{"jsonrpc":', 400],
    [[ping], 422],
    [{ ...ping, jsonrpc: '1.0' }, 422],
    [{ jsonrpc: '2.0' }, 400],
  ])('refuses %j', async (body, status) => {
    expect((await mcp.post(body)).status).toBe(status);
  });

  it('answers 403 to a token without any of its scopes', async () => {
    mcp.auth.directory.put({ clientId: 'app-1', enabled: true, scopes: ['x'] });
    const answer = await mcp.post(ping, await mcp.auth.bearer({ scope: 'x' }));
    expect(answer.status).toBe(403);
  });

  it('has no sessions to read or to end', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await fetch(mcp.url, {
        method,
        headers: await mcp.auth.bearer({ scope: SCOPES.join(' ') }),
      });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('POST');
    }
  });

  it.each([
    '/.well-known/oauth-protected-resource/mcp',
    '/.well-known/oauth-protected-resource',
  ])('says at %s where tokens come from', async path => {
    const answer = await fetch(new URL(path, mcp.url));
    expect(answer.status).toBe(200);
    expect(answer.headers.has('www-authenticate')).toBe(false);
    expect(await answer.json()).toMatchObject({
      resource: mcp.url.href,
      authorization_servers: [mcp.url.origin],
    });
  });

  it.each([
    ['without a token', '', 401],
    ['with a token that is none', 'Bearer x', 401],
  ])('tells a client %s where that is said', async (_what, sent, status) => {
    const answer = await mcp.post(ping, { authorization: sent });
    expect(answer.status).toBe(status);
    const challenge = answer.headers.get('www-authenticate');
    expect(challenge).toMatch(/^Bearer realm="genai-environment"/);
    expect(extractResourceMetadataUrl(answer)?.href).toBe(
      `${mcp.url.origin}/.well-known/oauth-protected-resource/mcp`,
    );
  });
});
