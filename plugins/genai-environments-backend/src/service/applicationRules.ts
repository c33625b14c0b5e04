import { ConflictError, InputError } from '@backstage/errors';
import { ApplicationRow, toApplication } from '../database/rows';

/** Changes of one application that need nothing but its id. */
export type ApplicationAction = 'rotate' | 'enable' | 'disable';

type ActionRule = {
  /** What to write; nothing when it is so already. */
  decide: (
    application: ApplicationRow,
    now: number,
  ) => Partial<ApplicationRow> | undefined;
  reason: string;
  done: string;
};

export const APPLICATION_ACTIONS: Record<ApplicationAction, ActionRule> = {
  rotate: {
    decide: (application, now) => {
      if (application.kind === 'project-app') {
        throw new ConflictError(
          "The secret of the project's own app is managed by the environment and cannot be rotated. A local environment makes a new one at each start; on AWS it stays until the environment is torn down. Disable the application if somebody else may know it.",
        );
      }
      return {
        secret_version: application.secret_version + 1,
        secret_revision: application.revision + 1,
        rotated_at: now,
      };
    },
    reason: 'ApplicationRotated',
    done: 'given a new secret',
  },
  enable: {
    decide: ({ enabled }) => (enabled ? undefined : { enabled: true }),
    reason: 'ApplicationEnabled',
    done: 'enabled',
  },
  disable: {
    decide: ({ enabled }) => (enabled ? { enabled: false } : undefined),
    reason: 'ApplicationDisabled',
    done: 'disabled',
  },
};

/** @throws ConflictError when the name is taken, InputError when there are too many. */
export function assertNameFree(
  existing: ApplicationRow[],
  name: string,
  max: number,
): void {
  if (existing.some(application => application.active_name === name)) {
    throw new ConflictError(
      `The environment already has an application named "${name}". Choose another name.`,
    );
  }
  if (existing.length >= max) {
    throw new InputError(
      `The environment has ${existing.length} of at most ${max} applications. Delete one first.`,
    );
  }
}

/** @throws ConflictError that says why the secret cannot be shown, and what helps. */
export function assertRevealable(row: ApplicationRow): void {
  const { name, secretState, revealedAt, revealedBy } = toApplication(row);
  switch (secretState) {
    case 'managed':
      throw new ConflictError(
        "The secret of the project's own app is managed by the environment and cannot be revealed. Add an application of your own.",
      );
    case 'pending':
      throw new ConflictError(
        `The secret of application ${name} is still being made. Try again in a moment.`,
      );
    case 'revealed':
      throw new ConflictError(
        `The secret of application ${name} was revealed to ${revealedBy} at ${revealedAt} and cannot be shown again. Rotate it to get a new one.`,
      );
    default:
  }
}
