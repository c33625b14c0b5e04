import type { ContractContext } from './describeProvisionerContract';
import { newApplication } from './desired';
import { applicationOf, changeApplication, takeCredentials } from './steps';

/** Onboarding of callers, and their secrets. */
export function applicationContract(context: ContractContext): void {
  const { harness, provisioner, newDriver } = context;

  async function readyDriver() {
    const driver = newDriver();
    const { outcome } = await driver.untilSettled('Ready');
    const canAuthenticate = (credentials: {
      clientId: string;
      clientSecret: string;
    }) => harness().canAuthenticate(outcome.outputs, credentials);
    return { driver, canAuthenticate };
  }

  it('hands out a secret once', async () => {
    const { driver } = await readyDriver();
    const { clientSecret } = await takeCredentials(provisioner(), driver);

    expect(clientSecret.length).toBeGreaterThanOrEqual(32);
    await expect(takeCredentials(provisioner(), driver)).rejects.toMatchObject({
      name: 'NotFoundError',
    });
    await driver.step();
    await expect(takeCredentials(provisioner(), driver)).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it('hands out a secret to one of many who ask at once', async () => {
    const { driver } = await readyDriver();
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => takeCredentials(provisioner(), driver)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      1,
    );
  });

  it('knows no secret of versions and applications that do not exist', async () => {
    const { driver } = await readyDriver();
    const { clientId } = applicationOf(driver, 'default');
    for (const application of [
      { clientId, secretVersion: 2 },
      { clientId: 'nobody', secretVersion: 1 },
    ]) {
      await expect(
        provisioner().takeSecret(driver.desired, application),
      ).rejects.toMatchObject({ name: 'NotFoundError' });
    }
  });

  it('adds an application beside the first', async () => {
    const { driver, canAuthenticate } = await readyDriver();
    const first = await takeCredentials(provisioner(), driver);
    driver.want({
      applications: [...driver.desired.applications, newApplication('second')],
    });
    await driver.untilSettled('Ready');

    const second = await takeCredentials(provisioner(), driver, 'second');
    await expect(canAuthenticate(second)).resolves.toBe(true);
    await expect(canAuthenticate(first)).resolves.toBe(true);
    await expect(
      canAuthenticate({ ...second, clientSecret: first.clientSecret }),
    ).resolves.toBe(false);
  });

  it('rotates: the new secret works, and the old one still does', async () => {
    const { driver, canAuthenticate } = await readyDriver();
    const before = await takeCredentials(provisioner(), driver);
    changeApplication(driver, 'default', { secretVersion: 2 });
    await driver.untilSettled('Ready');

    const after = await takeCredentials(provisioner(), driver);
    expect(after.clientSecret).not.toBe(before.clientSecret);
    await expect(canAuthenticate(after)).resolves.toBe(true);
    await expect(canAuthenticate(before)).resolves.toBe(true);
  });

  it('forgets a secret that nobody took before it was rotated', async () => {
    const { driver } = await readyDriver();
    const { clientId } = applicationOf(driver, 'default');
    changeApplication(driver, 'default', { secretVersion: 2 });
    await driver.untilSettled('Ready');

    await expect(
      provisioner().takeSecret(driver.desired, { clientId, secretVersion: 1 }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('disables and enables without a new secret', async () => {
    const { driver, canAuthenticate } = await readyDriver();
    const credentials = await takeCredentials(provisioner(), driver);

    changeApplication(driver, 'default', { enabled: false });
    await driver.untilSettled('Ready');
    await expect(canAuthenticate(credentials)).resolves.toBe(false);

    changeApplication(driver, 'default', { enabled: true });
    await driver.untilSettled('Ready');
    await expect(canAuthenticate(credentials)).resolves.toBe(true);
  });

  it('removes applications that shall not exist', async () => {
    const { driver, canAuthenticate } = await readyDriver();
    const taken = await takeCredentials(provisioner(), driver);
    const { clientId } = applicationOf(driver, 'default');
    driver.want({ applications: [newApplication('other')] });
    await driver.untilSettled('Ready');

    await expect(canAuthenticate(taken)).resolves.toBe(false);
    await expect(
      provisioner().takeSecret(driver.desired, { clientId, secretVersion: 1 }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('puts no secret into outcomes and events', async () => {
    const { driver } = await readyDriver();
    const secrets = [await takeCredentials(provisioner(), driver)];
    changeApplication(driver, 'default', { secretVersion: 2 });
    await driver.untilSettled('Ready');
    secrets.push(await takeCredentials(provisioner(), driver));
    driver.want({ spec: harness().changedSpec, generation: 2 });
    await driver.untilSettled('Ready');
    driver.want({ deletionRequested: true });
    await driver.untilSettled('Deleted');

    const told = JSON.stringify(driver.outcomes);
    for (const { clientId, clientSecret } of secrets) {
      expect(clientId).toBeTruthy();
      expect(told).not.toContain(clientSecret);
    }
  });
}
