/** An application as administrators see it. */
export type AdminApplication = {
  /** Equal to the `client_id` claim of its tokens. */
  clientId: string;
  name: string;
  description: string;
  /** Milliseconds since 1970; absent when nobody noted it. */
  createdAt?: number;
  /** Whether its calls are answered: it is neither deactivated here nor disabled by the portal. */
  active: boolean;
  /**
   * Who decides that it exists. Applications of the portal come and go with its records;
   * those of `administration` are left alone by it.
   */
  managedBy: 'portal' | 'administration';
  /** Name of its secret in a secret store, where there is one. */
  secretArn?: string;
};

export type NewApplication = {
  name: string;
  description: string;
  scopes: readonly [string, ...string[]];
};

/** Exactly one of `secret` and `application.secretArn` says how to get at the secret. */
export type CreatedApplication = {
  application: AdminApplication;
  /** Shown this once: nobody can tell it again. */
  secret?: string;
};

export type ApplicationPage = {
  items: AdminApplication[];
  /** Client id to continue after; absent on the last page. */
  next?: string;
};

/** Port: the applications of the environment, wherever they are kept. */
export interface ApplicationAdmin {
  /** By client id ascending, beginning after `after`; all of them without a limit. */
  list(page: { limit?: number; after?: string }): Promise<ApplicationPage>;

  /** `undefined` when there is none. */
  find(clientId: string): Promise<AdminApplication | undefined>;

  /**
   * Makes an active application managed by `administration`, with a client id and a secret
   * of its own. Durable when it resolves. Not idempotent: each call makes another one.
   */
  create(application: NewApplication): Promise<CreatedApplication>;

  /**
   * Lets its calls through or not. In force everywhere within 30 s, also for tokens issued
   * before, and over restarts; a change of its record by the portal does not undo it.
   * Repeating it changes nothing.
   *
   * @returns the application afterwards; `undefined` when there is none
   * @throws ConflictError (`disabled_by_portal`) when it is to be activated, but the portal
   *   has disabled it
   */
  setActive(
    clientId: string,
    active: boolean,
  ): Promise<AdminApplication | undefined>;
}
