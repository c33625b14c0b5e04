import { randomBytes } from 'node:crypto';
import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider';
import type { ApplicationRegistry } from '../applications';

/**
 * Stands in for clients that do not exist, so that they take the same road through the
 * library as those that do, and fail at the same place: the comparison of the secret.
 * Parentheses are not allowed in client ids, so no application can be called that.
 */
const NOBODY = '(nobody)';

/**
 * Required by the library, compared with by nobody: secrets are only known as digests.
 * Random, so that it would open nothing even if it were.
 */
const PLACEHOLDER_SECRET = randomBytes(32).toString('base64url');

/** Tells oidc-provider which clients exist. Tokens are JWTs, so nothing is stored. */
export class ApplicationClientAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly registry: ApplicationRegistry,
  ) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.model !== 'Client') return undefined;
    const clientId = this.registry.find(id) ? id : NOBODY;
    const client: ClientMetadata = {
      client_id: clientId,
      client_secret: PLACEHOLDER_SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    };
    return client as AdapterPayload;
  }

  async upsert(): Promise<void> {}
  async consume(): Promise<void> {}
  async destroy(): Promise<void> {}
  async findByUserCode(): Promise<undefined> {}
  async findByUid(): Promise<undefined> {}
  async revokeByGrantId(): Promise<void> {}
}
