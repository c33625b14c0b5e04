import {
  type Clock,
  DependencyError,
  type Logger,
} from '@genai-environments/service-kit';
import type { AwsCredentials } from './RequestSigner';

/** Where credentials come from. Called again shortly before they expire. */
export type CredentialsProvider = () => Promise<AwsCredentials>;

/** Before this much is left, new ones are fetched while the old ones are still used. */
const REFRESH_AHEAD_MS = 5 * 60_000;
/** With less than this left, calls wait for new ones: a request may be on its way for long. */
const UNSAFE_MS = 30_000;
const PAUSE_AFTER_FAILURE_MS = 10_000;

/** Keeps credentials, so that a call waits for them only when there are none. */
export class CredentialCache {
  private credentials: AwsCredentials | undefined;
  private refreshing: Promise<AwsCredentials> | undefined;
  private nextRefreshAt = 0;

  constructor(
    private readonly options: {
      provider: CredentialsProvider;
      clock: Clock;
      logger: Logger;
    },
  ) {}

  /**
   * At once when there are any that last long enough.
   *
   * @throws DependencyError (`aws_credentials_unavailable`) by rejecting
   */
  current(): AwsCredentials | Promise<AwsCredentials> {
    const { credentials } = this;
    if (!credentials) return this.refresh();

    const now = this.options.clock.now();
    const left = (credentials.expiration?.getTime() ?? Infinity) - now;
    if (left > REFRESH_AHEAD_MS) return credentials;
    if (left <= UNSAFE_MS) return this.refresh();

    if (now >= this.nextRefreshAt) this.refresh().catch(() => {});
    return credentials;
  }

  /** AWS refused these: the next call fetches new ones. */
  discard(refused: AwsCredentials): void {
    if (this.credentials === refused) this.credentials = undefined;
  }

  private refresh(): Promise<AwsCredentials> {
    this.refreshing ??= this.fetch().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async fetch(): Promise<AwsCredentials> {
    const { provider, clock, logger } = this.options;
    try {
      this.credentials = await provider();
      return this.credentials;
    } catch (error) {
      this.nextRefreshAt = clock.now() + PAUSE_AFTER_FAILURE_MS;
      logger.warn({ err: error }, 'No AWS credentials');
      throw new DependencyError(
        "This environment has no AWS credentials at the moment. Try again shortly; if it persists, tell the environment's owner.",
        {
          kind: 'unavailable',
          retryable: true,
          retryAfterSeconds: 5,
          code: 'aws_credentials_unavailable',
          cause: error,
        },
      );
    }
  }
}

/**
 * Credentials as AWS's own tools find them: environment variables, profiles, the task's
 * or the machine's role. The SDK's part for it is loaded by the first call.
 */
export function defaultCredentials(): CredentialsProvider {
  let chain: Promise<CredentialsProvider> | undefined;
  return async () => {
    chain ??= import('@aws-sdk/credential-providers').then(
      ({ fromNodeProviderChain }) => fromNodeProviderChain(),
    );
    return (await chain)();
  };
}
