import type { DirectoryEntry } from './ApplicationDirectory';
import type { VerifiedToken } from './TokenVerifier';

/** The application that sent a request. */
export class Caller {
  constructor(
    private readonly token: VerifiedToken,
    private readonly application: DirectoryEntry,
  ) {}

  get clientId(): string {
    return this.application.clientId;
  }

  /** Granted is what the token says and the application still holds. */
  hasScope(scope: string): boolean {
    return (
      this.token.scopes.has(scope) && this.application.scopes.includes(scope)
    );
  }
}
