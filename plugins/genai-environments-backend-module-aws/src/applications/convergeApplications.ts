import type {
  DesiredApplication,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { note, type Step } from '../reconcile/Step';
import {
  type ClientRecord,
  formatClientName,
  parseClientName,
} from './clientName';
import { graceConditions } from './grace';
import { issueSecret } from './issueSecret';
import { SecretVault } from './SecretVault';
import type { Listener } from './whileItAnswers';

/** Where the applications of an environment live. */
export type Issuer = {
  userPoolId: string;
  /** Where the secret of the project's own app goes. */
  appSecretArn?: string;
  /** The environment itself, while it runs: it refuses tokens issued before a change. */
  api?: Listener;
  /** It may have missed changes: tell it all. */
  tellAll?: boolean;
  /** Ids of the clients that it knows, as it said before; absent: it was not asked. */
  known?: string[];
};

/** A client of the portal's making. */
export type Client = { id: string; record: ClientRecord };

/**
 * Makes the clients of the user pool those that shall exist. Repeating it changes nothing;
 * after a crash in the middle the next call does the rest.
 *
 * @returns what is in force afterwards
 */
export async function convergeApplications(
  step: Step,
  issuer: Issuer,
  applications: DesiredApplication[],
): Promise<ReconcileOutcome['applications']> {
  const vault = new SecretVault(step.aws.secrets, step.desired);
  const found = await step.aws.cognito.list(issuer.userPoolId);
  await forgetGone(issuer, new Set(found.map(({ id }) => id)));
  const clients = await removeUnwanted(step, issuer, {
    ...{ vault, clients: clientsOfPortal(found) },
  });

  const inForce: ReconcileOutcome['applications'] = [];
  for (const application of applications) {
    step.signal.throwIfAborted();
    const client =
      clients.find(({ record }) => record.applicationId === application.id) ??
      (await createClient(step, issuer, application));
    await converge(step, issuer, { vault, client, application });
    const { id, revision } = application;
    inForce.push({ id, revision, clientId: client.id });
  }
  // Of all, also where only some are looked at: new clients have none.
  const records = clients.map(({ record }) => record);
  step.graces.splice(0, Infinity, ...graceConditions(records));
  return inForce;
}

/** What was removed while the environment did not listen. */
async function forgetGone(
  { api, known = [] }: Issuer,
  there: ReadonlySet<string>,
): Promise<void> {
  for (const clientId of known) {
    if (!there.has(clientId)) await api?.deleteApplication(clientId);
  }
}

/** Those that others made are left alone. */
function clientsOfPortal(
  found: ReadonlyArray<{ id: string; name: string }>,
): Client[] {
  return found
    .flatMap(({ id, name }) => {
      const record = parseClientName(name);
      return record ? [{ id, record }] : [];
    })
    .sort(
      (a, b) =>
        b.record.revision - a.record.revision || a.id.localeCompare(b.id),
    );
}

/**
 * Removes applications that shall not exist, and what a lost answer made twice.
 *
 * @returns the clients that stay
 */
async function removeUnwanted(
  step: Step,
  { userPoolId, api }: Issuer,
  found: { vault: SecretVault; clients: Client[] },
): Promise<Client[]> {
  const wanted = new Set(step.desired.applications.map(({ id }) => id));
  const seen = new Set<string>();
  const kept: Client[] = [];
  for (const client of found.clients) {
    const { id, record } = client;
    const { applicationId, secretVersion, name } = record;
    const isTwin = seen.has(applicationId);
    seen.add(applicationId);
    if (wanted.has(applicationId) && !isTwin) {
      kept.push(client);
      continue;
    }
    step.signal.throwIfAborted();
    await found.vault.forget(id, secretVersion);
    await found.vault.forget(id, secretVersion + 1);
    // In this order: an environment lets a client in that it does not know and the pool has.
    await step.aws.cognito.delete(userPoolId, id);
    await api?.deleteApplication(id);
    if (isTwin) continue;
    note(
      step,
      'ApplicationRemoved',
      `Application ${name} has no access any more.`,
    );
  }
  return kept;
}

async function createClient(
  { aws }: Step,
  { userPoolId }: Issuer,
  { id, name, scopes, enabled }: DesiredApplication,
): Promise<Client> {
  const record = { name, applicationId: id, revision: 0, secretVersion: 0 };
  const clientId = await aws.cognito.create(userPoolId, {
    name: formatClientName(record),
    ...{ scopes, enabled },
  });
  return { id: clientId, record };
}

async function converge(
  step: Step,
  issuer: Issuer,
  of: { vault: SecretVault; client: Client; application: DesiredApplication },
): Promise<void> {
  const { client, application } = of;
  const { revision, secretVersion, scopes, enabled, name } = application;
  const before = client.record;
  const graceIsOver =
    before.graceEndsAt !== undefined && before.graceEndsAt <= step.now();
  const isInForce =
    before.revision === revision && before.secretVersion >= secretVersion;
  if (!isInForce || issuer.tellAll) {
    await issuer.api?.putApplication(client.id, application);
  }
  if (isInForce && !graceIsOver) return;

  let { graceEndsAt } = before;
  if (before.secretVersion < secretVersion) {
    await issueSecret(step, issuer, of);
    const isRotation = before.secretVersion > 0;
    graceEndsAt = isRotation
      ? step.now() + step.secretRotationGraceMs
      : undefined;
  } else if (graceIsOver) {
    await endGrace(step, issuer, client);
    graceEndsAt = undefined;
  }
  const record = {
    ...{ name, applicationId: application.id, revision, graceEndsAt },
    secretVersion: Math.max(secretVersion, before.secretVersion),
  };
  await step.aws.cognito.update(issuer.userPoolId, client.id, {
    name: formatClientName(record),
    ...{ scopes, enabled },
  });
  client.record = record;
  if (!isInForce) note(step, 'ApplicationInForce', sentence(application));
}

/** Only the newest secret works from now on. */
async function endGrace(
  { aws }: Step,
  { userPoolId }: Issuer,
  client: Client,
): Promise<void> {
  const ids = await aws.cognito.listSecretIds(userPoolId, client.id);
  for (const id of ids.slice(0, -1)) {
    await aws.cognito.deleteSecret(userPoolId, client.id, id);
  }
}

function sentence({ name, enabled, kind }: DesiredApplication): string {
  if (!enabled) return `Application ${name} is disabled.`;
  return kind === 'project-app'
    ? `Application ${name}, the project's own app, has access.`
    : `Application ${name} has access.`;
}
