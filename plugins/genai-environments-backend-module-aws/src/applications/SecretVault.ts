import { NotFoundError } from '@backstage/errors';
import type { EnvironmentIdentity } from '@genai-environments/backstage-plugin-genai-environments-node';
import { randomUUID } from 'node:crypto';
import type { Secrets } from '../aws/Secrets';
import { secretPrefix, TAG_NAME, TAG_UID } from '../names';

/** What is kept of a secret until somebody takes it. */
type Kept = {
  clientId: string;
  clientSecret: string;
  /** Secrets that the client had before; see `rotate`. */
  before: string[];
};

/** Secrets of applications between being issued and being taken, in Secrets Manager. */
export class SecretVault {
  constructor(
    private readonly secrets: Secrets,
    private readonly environment: EnvironmentIdentity,
  ) {}

  /** Keeps a secret, unless one is kept for that version already. */
  async keep(version: number, kept: Kept): Promise<void> {
    const { name, uid } = this.environment;
    await this.secrets.create(
      this.nameOf(kept.clientId, version),
      JSON.stringify(kept),
      { [TAG_NAME]: name, [TAG_UID]: uid },
    );
  }

  async read(clientId: string, version: number): Promise<Kept | undefined> {
    const text = await this.secrets.read(this.nameOf(clientId, version));
    const kept = text && (JSON.parse(text) as Partial<Kept>);
    return kept && kept.clientSecret ? (kept as Kept) : undefined;
  }

  /**
   * Hands out a secret, once: of any number of callers one gets it.
   *
   * @throws NotFoundError
   */
  async take(clientId: string, version: number): Promise<string> {
    const name = this.nameOf(clientId, version);
    const kept = await this.read(clientId, version);
    const claim = JSON.stringify({ taken: randomUUID() });
    const isMine =
      kept && (await this.secrets.put(name, claim, `take:${name}`));
    if (!kept || !isMine) {
      throw new NotFoundError(
        `There is no secret of version ${version} for client ${clientId} that could be taken.`,
      );
    }
    await this.secrets.delete(name);
    return kept.clientSecret;
  }

  async forget(clientId: string, version: number): Promise<void> {
    await this.secrets.delete(this.nameOf(clientId, version));
  }

  private nameOf(clientId: string, version: number): string {
    return `${secretPrefix(
      this.environment,
    )}applications/${clientId}/${version}`;
  }
}
