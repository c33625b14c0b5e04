import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Application,
  CreateEnvironmentRequest,
  Environment,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { processesOf, readOrEmpty } from './leftovers';
import type { Portal } from './portal';
import type { Session } from './session';
import { waitFor } from './waitFor';

/** Generous: the machine that runs the tests may have other things to do. */
export const READY_TIMEOUT_MS = 45_000;
export const DELETED_TIMEOUT_MS = 45_000;

/** A request for all that the local provisioner offers, owned by the session's group. */
export async function requestFor(
  session: Session,
  name: string,
): Promise<CreateEnvironmentRequest> {
  const { items } = await session.environments.listProvisioners();
  const provisioner = items.find(({ isDefault }) => isDefault) ?? items[0];
  const [region] = provisioner.regions;
  const models = await session.environments.listModels({
    provisioner: provisioner.id,
    region,
  });
  return {
    name,
    owner: session.user.group,
    provisioner: provisioner.id,
    tier: provisioner.tiers[0],
    region,
    models: models.items.map(({ id }) => id),
    services: provisioner.services,
  };
}

/** Creates an environment and waits until it is Ready. */
export async function createReady(
  session: Session,
  name: string,
): Promise<Environment> {
  await session.environments.createEnvironment(await requestFor(session, name));
  await session.untilPhase(name, ['Ready'], { timeoutMs: READY_TIMEOUT_MS });
  return session.environments.getEnvironment(name);
}

/** Reveals the secret of an environment's first external application. */
export async function revealSecret(session: Session, name: string) {
  const { items } = await session.environments.listApplications(name);
  const application = items.find(
    ({ kind }) => kind === 'external',
  ) as Application;
  return session.environments.revealSecret(name, application.id);
}

/** A token of an environment's own issuer. */
export async function issueToken(
  environment: Environment,
  credentials: { clientId: string; clientSecret: string },
): Promise<Response> {
  const { clientId, clientSecret } = credentials;
  return fetch(environment.status.outputs.tokenUrl!, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
}

/** The access token of a successful {@link issueToken}. */
export async function accessToken(
  ...args: Parameters<typeof issueToken>
): Promise<string> {
  const response = await issueToken(...args);
  if (!response.ok) {
    throw new Error(`No token: ${response.status} ${await response.text()}`);
  }
  return ((await response.json()) as { access_token: string }).access_token;
}

/** What `runtime.json` says about each runtime below a portal's directory. */
export function runtimesOf(
  portal: Portal,
): Array<{ directory: string; pid: number; port: number }> {
  const root = join(portal.directory, 'environments');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('runtime.json'))
    .flatMap(file => {
      // Removed by a runtime that stops, perhaps just now.
      const text = readOrEmpty(join(root, file));
      return text === ''
        ? []
        : [{ directory: join(root, file, '..'), ...JSON.parse(text) }];
    });
}

/** Processes that the portal started, or that were started by those: all but itself. */
export function environmentProcesses(portal: Portal): number[] {
  return processesOf(portal.directory).filter(pid => pid !== portal.pid);
}

/** Resolves once nothing of any environment runs, and fails if that takes too long. */
export async function untilNoProcesses(portal: Portal): Promise<void> {
  await waitFor({
    what: 'the processes of all environments to end',
    timeoutMs: 5_000,
    ask: () => environmentProcesses(portal).length === 0,
  });
}
