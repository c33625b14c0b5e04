import type {
  DesiredApplication,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type { RuntimeStatus } from '../runtime/controlSchemas';
import type { CredentialStore } from '../secrets/CredentialStore';
import { note, PreparedStep } from './Step';

/**
 * Makes the runtime's applications those that shall exist. Repeating it changes
 * nothing; after a crash in the middle the next call does the rest.
 *
 * @returns what is in force afterwards
 */
export async function convergeApplications(
  step: PreparedStep,
  observed: RuntimeStatus['applications'],
): Promise<ReconcileOutcome['applications']> {
  const { desired, control, signal } = step;
  const credentials = await step.loadCredentials();
  const wanted = new Set(desired.applications.map(({ clientId }) => clientId));
  const inForce = new Map(
    observed.map(({ clientId, revision }) => [clientId, revision]),
  );

  // First: there can be only one project-app at a time.
  for (const { clientId } of observed) {
    if (wanted.has(clientId)) continue;
    await control.deleteApplication(clientId, signal);
    note(
      step,
      'ApplicationRemoved',
      `Client ${clientId} has no access any more.`,
    );
  }
  await credentials.retain(wanted);

  for (const application of desired.applications) {
    const { clientId, revision } = application;
    if (inForce.get(clientId) === revision) continue;
    signal.throwIfAborted();
    const secrets = await secretsOf(credentials, application);
    await control.putApplication(application, secrets, signal);
    note(step, 'ApplicationInForce', sentence(application));
  }
  return desired.applications.map(({ id, revision }) => ({ id, revision }));
}

async function secretsOf(
  credentials: CredentialStore,
  application: DesiredApplication,
) {
  if (application.kind === 'project-app') return [];
  return credentials.ensure(application.clientId, application.secretVersion);
}

function sentence({ name, enabled, kind }: DesiredApplication): string {
  if (!enabled) return `Application ${name} is disabled.`;
  return kind === 'project-app'
    ? `Application ${name}, the project's own app, has access.`
    : `Application ${name} has access.`;
}
