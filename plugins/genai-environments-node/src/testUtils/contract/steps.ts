import type { DesiredApplication, Provisioner } from '../../provisioner';
import type { ProvisionerDriver } from '../ProvisionerDriver';
import type { IssuedCredentials } from './harness';

/** Application of that name, as it shall be. */
export function applicationOf(
  driver: ProvisionerDriver,
  name: string,
): DesiredApplication {
  const found = driver.desired.applications.find(app => app.name === name);
  if (!found) throw new Error(`The test wants no application ${name}`);
  return found;
}

/** Changes one application as the backend does: with a new revision. */
export function changeApplication(
  driver: ProvisionerDriver,
  name: string,
  change: Partial<DesiredApplication>,
) {
  const changed = applicationOf(driver, name);
  driver.want({
    applications: driver.desired.applications.map(application =>
      application === changed
        ? { ...application, ...change, revision: application.revision + 1 }
        : application,
    ),
  });
}

/** Takes the current secret of an application out of the provisioner. */
export async function takeCredentials(
  provisioner: Provisioner,
  driver: ProvisionerDriver,
  name = 'default',
): Promise<IssuedCredentials> {
  const { clientId, secretVersion } = applicationOf(driver, name);
  const clientSecret = await provisioner.takeSecret(driver.desired, {
    clientId,
    secretVersion,
  });
  return { clientId, clientSecret };
}
