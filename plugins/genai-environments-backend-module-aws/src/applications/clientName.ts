/** What the name of a client in the user pool says about an application. */
export type ClientRecord = {
  name: string;
  applicationId: string;
  /** What is in force; 0: the client was just made. */
  revision: number;
  /** The secret that was issued last; 0: none yet. */
  secretVersion: number;
  /** When the secret before a rotation ends, epoch milliseconds. */
  graceEndsAt?: number;
};

const PATTERN = /^([a-z0-9-]+)\.([\w-]+)\.r(\d+)\.s(\d+)(?:\.g([0-9a-z]+))?$/;

/**
 * A client's name is the record of its application: the pool keeps it, it changes in the
 * same call as what it tells, and one list shows those of all applications.
 */
export function formatClientName(record: ClientRecord): string {
  const { name, applicationId, revision, secretVersion, graceEndsAt } = record;
  const grace =
    graceEndsAt === undefined
      ? ''
      : `.g${Math.ceil(graceEndsAt / 1000).toString(36)}`;
  return `${name}.${applicationId}.r${revision}.s${secretVersion}${grace}`;
}

/** `undefined`: the client is not of the portal's making. */
export function parseClientName(text: string): ClientRecord | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, name, applicationId, revision, secretVersion, grace] = match;
  return {
    ...{ name, applicationId },
    revision: Number(revision),
    secretVersion: Number(secretVersion),
    ...(grace && { graceEndsAt: parseInt(grace, 36) * 1000 }),
  };
}
