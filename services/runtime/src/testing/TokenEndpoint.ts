import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What the endpoint asks of a pool: the secret and the scopes of a client. */
type Clients = {
  describe(
    clientId: string,
  ): Promise<
    { ClientSecret?: string; AllowedOAuthScopes?: string[] } | undefined
  >;
};

const LIFETIME_SECONDS = 3600;

/**
 * Stands in for the token endpoint and the key set of a user pool, which moto does not
 * have: `client_credentials` for the pool's clients, with the claims of Cognito.
 */
export class TokenEndpoint {
  private constructor(private readonly server: Server) {}

  static async start(options: {
    clients: Clients;
    issuer: string;
  }): Promise<TokenEndpoint> {
    const keys = await generateKeyPair('RS256');
    const kid = randomUUID();
    const jwk = { ...(await exportJWK(keys.publicKey)), kid, alg: 'RS256' };
    const sign = (claims: Record<string, unknown>) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(options.issuer)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_SECONDS}s`)
        .sign(keys.privateKey);
    const server = createServer((request, response) => {
      const answer =
        request.url === '/jwks.json'
          ? Promise.resolve({ status: 200, body: { keys: [jwk] } })
          : issue(request, { ...options, sign });
      answer.then(
        ({ status, body }) => send(response, status, body),
        () => send(response, 500, {}),
      );
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new TokenEndpoint(server);
  }

  get tokenUrl(): string {
    return `${this.origin}/oauth2/token`;
  }

  get jwksUrl(): string {
    return `${this.origin}/jwks.json`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  private get origin(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }
}

async function issue(
  request: IncomingMessage,
  options: {
    clients: Clients;
    sign: (claims: Record<string, unknown>) => Promise<string>;
  },
): Promise<{ status: number; body: object }> {
  const form = new URLSearchParams(await text(request));
  const [, basic = ''] = (request.headers.authorization ?? '').split(' ');
  const [clientId, secret] = Buffer.from(basic, 'base64')
    .toString('utf8')
    .split(':');
  const client = await options.clients.describe(clientId);
  if (!client || client.ClientSecret !== secret) {
    return { status: 400, body: { error: 'invalid_client' } };
  }
  const allowed = client.AllowedOAuthScopes ?? [];
  const asked = form.get('scope')?.split(' ') ?? allowed;
  const token = await options.sign({
    ...{ client_id: clientId, token_use: 'access' },
    scope: asked.filter(scope => allowed.includes(scope)).join(' '),
  });
  return {
    status: 200,
    body: {
      access_token: token,
      expires_in: LIFETIME_SECONDS,
      token_type: 'Bearer',
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify(body));
}
