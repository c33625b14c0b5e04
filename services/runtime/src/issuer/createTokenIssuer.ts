import type { Logger } from '@genai-environments/service-kit';
import { errors, Provider } from 'oidc-provider';
import type { ApplicationRegistry } from '../applications';
import { ApplicationClientAdapter } from './clients';
import { describeIssuer } from './discovery';
import { ISSUER_ROUTES } from './routes';
import type { PrivateJwk } from './signingKeys';

/** Seconds an access token is valid. */
export const ACCESS_TOKEN_TTL_SECONDS = 3600;

export type TokenIssuerOptions = {
  /** Origin of the environment; the `iss` claim. */
  issuer: string;
  /** The `aud` claim. */
  audience: string;
  keys: PrivateJwk[];
  registry: ApplicationRegistry;
  logger: Logger;
};

/**
 * An OAuth 2.0 token endpoint that knows one grant, client_credentials, and answers
 * with JWT access tokens like Cognito's, so that services check both the same way.
 *
 * Mount only {@link ISSUER_ROUTES}.
 */
export function createTokenIssuer(options: TokenIssuerOptions): Provider {
  const { issuer, audience, keys, registry, logger } = options;

  const provider = new Provider(issuer, {
    adapter: model => new ApplicationClientAdapter(model, registry),
    jwks: { keys },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    // ES256 only: clients that sign with what nobody asked for would fail to register.
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    responseTypes: [],
    // The real check is the grant's, against what the application holds.
    scopes: [],
    routes: { token: ISSUER_ROUTES.token, jwks: ISSUER_ROUTES.jwks },
    ttl: { ClientCredentials: ACCESS_TOKEN_TTL_SECONDS },
    extraTokenClaims: () => ({ token_use: 'access' }),
    clientBasedCORS: () => false,
    findAccount: () => undefined,
    renderError: (ctx, out) => {
      ctx.type = 'json';
      ctx.body = JSON.stringify(out);
    },
  });
  // Behind the runtime's own front, which says what the public address is.
  provider.proxy = true;
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === ISSUER_ROUTES.discovery && ctx.status === 200) {
      ctx.body = describeIssuer(ctx.body as Record<string, unknown>);
    }
  });
  provider.on('server_error', (_ctx, error) =>
    logger.error({ err: error }, 'The token endpoint failed'),
  );

  /* Secrets are only known as digests, several at a time: the library's comparison with
     one plaintext does not fit. */
  provider.Client.prototype.compareClientSecret = async function compare(
    this: { clientId: string },
    secret: string,
  ) {
    return registry.authenticate(this.clientId, secret) !== undefined;
  };

  provider.registerGrantType<{ scope?: string }>(
    'client_credentials',
    async ctx => {
      const { client, params } = ctx.oidc;
      const held = registry.find(client.clientId)?.scopes ?? [];
      const token = new provider.ClientCredentials({
        client,
        scope: grantedScopes(params.scope, held).join(' '),
      });
      token.resourceServer = new provider.ResourceServer(audience, {
        audience,
        scope: held.join(' '),
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      });
      ctx.body = {
        access_token: await token.save(),
        expires_in: ACCESS_TOKEN_TTL_SECONDS,
        token_type: 'Bearer',
        scope: token.scope,
      };
    },
    ['scope'],
  );
  return provider;
}

/** All of the application's scopes when it asks for none; never more than it holds. */
function grantedScopes(
  requested: string | undefined,
  held: readonly string[],
): readonly string[] {
  const scopes = [...new Set(requested?.split(' ').filter(Boolean))];
  if (scopes.length === 0) return held;
  const missing = scopes.filter(scope => !held.includes(scope));
  if (missing.length > 0) {
    throw new errors.InvalidScope(
      'the application does not hold the requested scope',
      missing.join(' '),
    );
  }
  return scopes;
}
