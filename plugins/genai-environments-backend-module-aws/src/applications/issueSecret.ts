import type { DesiredApplication } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { Step } from '../reconcile/Step';
import type { Client, Issuer } from './convergeApplications';
import type { SecretVault } from './SecretVault';

/** Cognito lets a client have two. */
const MAX_SECRETS = 2;

/**
 * Sees to it that the client has the secret of the version asked for, and that it can be
 * taken. May stop anywhere and be called again: a secret is kept before it works, so none
 * is lost and none is issued twice.
 */
export async function issueSecret(
  step: Step,
  issuer: Issuer,
  of: { vault: SecretVault; client: Client; application: DesiredApplication },
): Promise<void> {
  const { client, application, vault } = of;
  const { secretVersion, kind } = application;
  if (client.record.secretVersion === 0) {
    const clientSecret = await step.aws.cognito.readSecret(
      issuer.userPoolId,
      client.id,
    );
    if (kind === 'project-app') {
      await handToApp(step, issuer, { clientId: client.id, clientSecret });
      return;
    }
    await vault.keep(secretVersion, {
      clientId: client.id,
      ...{ clientSecret, before: [] },
    });
    return;
  }
  if (kind === 'project-app') return;
  await rotate(step, issuer, of);
  await vault.forget(client.id, client.record.secretVersion);
}

async function rotate(
  { aws, newSecret }: Step,
  { userPoolId }: Issuer,
  of: { vault: SecretVault; client: Client; application: DesiredApplication },
): Promise<void> {
  const { vault, client, application } = of;
  const { secretVersion } = application;
  const { cognito } = aws;
  const existing = await cognito.listSecretIds(userPoolId, client.id);
  // What is kept says which secrets there were: another one is the new one.
  await vault.keep(secretVersion, {
    ...{ clientId: client.id, clientSecret: newSecret() },
    before: existing,
  });
  const kept = await vault.read(client.id, secretVersion);
  if (!kept || existing.some(id => !kept.before.includes(id))) return;
  if (existing.length >= MAX_SECRETS) {
    await cognito.deleteSecret(userPoolId, client.id, existing[0]);
  }
  await cognito.addSecret(userPoolId, client.id, kept.clientSecret);
}

/** Its tasks read it from Secrets Manager when they start. */
async function handToApp(
  { aws }: Step,
  { appSecretArn }: Issuer,
  credentials: { clientId: string; clientSecret: string },
): Promise<void> {
  if (!appSecretArn) return;
  await aws.secrets.put(
    appSecretArn,
    JSON.stringify(credentials),
    `app:${credentials.clientId}`,
  );
}
