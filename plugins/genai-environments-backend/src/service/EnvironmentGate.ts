import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { genaiEnvironmentReadPermission } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { EnvironmentRow, toEnvironment } from '../database/rows';
import type { Caller } from './Caller';
import type {
  EnvironmentAuthorizer,
  EnvironmentPermission,
} from './EnvironmentAuthorizer';

/** The way to a record: finds it and checks what the caller may do with it. */
export class EnvironmentGate {
  private readonly environments: EnvironmentStore;
  private readonly authorizer: EnvironmentAuthorizer;

  constructor(options: {
    environments: EnvironmentStore;
    authorizer: EnvironmentAuthorizer;
  }) {
    this.environments = options.environments;
    this.authorizer = options.authorizer;
  }

  /**
   * The environment with this name, for a caller who has the permission.
   *
   * @throws NotFoundError when there is none that the caller may see, NotAllowedError
   * when the caller may see it but lacks the permission.
   */
  async open(
    caller: Caller,
    name: string,
    permission: EnvironmentPermission = genaiEnvironmentReadPermission,
  ): Promise<EnvironmentRow> {
    return this.admit(
      caller,
      name,
      permission,
      await this.environments.findActive(name),
    );
  }

  /** As {@link open}, to read; also finds the last one that is deleted by now. */
  async openLatest(caller: Caller, name: string): Promise<EnvironmentRow> {
    return this.admit(
      caller,
      name,
      genaiEnvironmentReadPermission,
      await this.environments.findLatest(name),
    );
  }

  private async admit(
    caller: Caller,
    name: string,
    permission: EnvironmentPermission,
    row: EnvironmentRow | undefined,
  ): Promise<EnvironmentRow> {
    if (!row) throw environmentNotFound(name);
    const [mayRead, mayAct] = await this.authorizer.areAllowed(
      caller,
      [genaiEnvironmentReadPermission, permission],
      toEnvironment(row),
    );
    if (!mayRead) throw environmentNotFound(name);
    if (!mayAct) {
      throw new NotAllowedError(
        `You lack the permission ${permission.name} for environment ${name}, which belongs to ${row.owner}. Ask its owner, or the platform team.`,
      );
    }
    return row;
  }
}

export function environmentNotFound(name: string): NotFoundError {
  return new NotFoundError(
    `There is no environment named "${name}", or you may not see it.`,
  );
}

/** @throws ConflictError when the environment is on its way out. */
export function assertStays(row: EnvironmentRow): void {
  if (row.deletion_requested_at === null) return;
  throw new ConflictError(
    `Environment ${row.name} is being torn down and cannot be changed any more.`,
  );
}
