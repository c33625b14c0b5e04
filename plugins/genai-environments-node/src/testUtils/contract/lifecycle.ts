import type { Provisioner } from '../../provisioner';
import type { ContractContext } from './describeProvisionerContract';
import { takeCredentials } from './steps';

/** Creating, keeping and changing environments. */
export function lifecycleContract(context: ContractContext): void {
  const { harness, provisioner, newDriver } = context;

  it('describes itself, and lists the models that its spec names', async () => {
    const info = await provisioner().getInfo();
    expect(info.id).toBe(provisioner().id);
    expect(info.tiers).toContain(harness().spec.tier);
    expect(info.regions).toContain(harness().spec.region);
    expect(info.services).toEqual(
      expect.arrayContaining(harness().spec.services),
    );
    const { region } = harness().spec;
    const models = await provisioner().listModels({ region });
    expect(models.map(({ id }) => id)).toEqual(
      expect.arrayContaining(harness().spec.models),
    );
  });

  it('plans without creating anything', async () => {
    const { desired } = newDriver();
    const plan = await provisioner().plan({
      ...harness().spec,
      name: desired.name,
      owner: desired.owner,
    });

    expect(plan.problems).toEqual([]);
    expect(plan.resources).not.toEqual([]);
    expect(plan.monthlyCost.amount).toBeGreaterThanOrEqual(0);
    expect(await harness().findRemains(desired)).toEqual([]);
  });

  it('brings a new environment to Ready and tells how to reach it', async () => {
    const driver = newDriver({ projectApp: true });

    const { outcome, outcomes, events } = await driver.untilSettled('Ready');

    expect(outcomes[0].phase).toBe('Provisioning');
    expect(outcome.outputs.endpoint).toMatch(/^https?:\/\/.*[^/]$/);
    expect(outcome.outputs.tokenUrl).toMatch(/\/oauth2\/token$/);
    expect(outcome.progress).toBeUndefined();
    expect(outcome.services.map(({ name }) => name).sort()).toEqual(
      [...driver.desired.spec.services].sort(),
    );
    expect(new Set(outcome.services.map(({ health }) => health))).toEqual(
      new Set(['healthy']),
    );
    expect(outcome.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'True' }),
    );
    expect(events.map(({ type }) => type)).not.toContain('Warning');
    const credentials = await takeCredentials(provisioner(), driver);
    await expect(
      harness().canAuthenticate(outcome.outputs, credentials),
    ).resolves.toBe(true);
  });

  it('changes nothing and tells nothing when all is as it shall be', async () => {
    const driver = newDriver();
    const { outcome } = await driver.untilSettled('Ready');

    for (let look = 0; look < 3; look++) {
      const again = await driver.step();
      expect(again.events).toEqual([]);
      expect(again.phase).toBe('Ready');
      expect(again.outputs).toEqual(outcome.outputs);
      expect(again.services.map(({ startedAt }) => startedAt)).toEqual(
        outcome.services.map(({ startedAt }) => startedAt),
      );
      expect(again.requeueAfterMs).toBeGreaterThan(0);
    }
  });

  it('goes on where another instance stopped, after each single step', async () => {
    const instances: Provisioner[] = [];
    const driver = newDriver({
      projectApp: true,
      provisioner: () => {
        instances.push(harness().createProvisioner());
        return instances.at(-1)!;
      },
    });
    try {
      const { outcome } = await driver.untilSettled('Ready');
      const credentials = await takeCredentials(instances.at(-1)!, driver);
      await expect(
        harness().canAuthenticate(outcome.outputs, credentials),
      ).resolves.toBe(true);

      driver.want({ deletionRequested: true });
      await driver.untilSettled('Deleted');
      expect(await harness().findRemains(driver.desired)).toEqual([]);
    } finally {
      await Promise.all(instances.map(instance => instance.shutdown?.()));
    }
  });

  it('leaves environments running when the backend goes away', async () => {
    let current = provisioner();
    const driver = newDriver({ provisioner: () => current });
    const { outcome } = await driver.untilSettled('Ready');
    const credentials = await takeCredentials(current, driver);

    await current.shutdown?.();
    await expect(
      harness().canAuthenticate(outcome.outputs, credentials),
    ).resolves.toBe(true);

    current = harness().createProvisioner();
    try {
      const adopted = await driver.step();
      expect(adopted.phase).toBe('Ready');
      expect(adopted.events).toEqual([]);
      expect(adopted.services).toEqual(outcome.services);
    } finally {
      await current.shutdown?.();
    }
  });

  it('puts a changed spec into force at the same address', async () => {
    const driver = newDriver();
    const before = await driver.untilSettled('Ready');
    const credentials = await takeCredentials(provisioner(), driver);
    await expect(
      harness().listOfferedModels(before.outcome.outputs, credentials),
    ).resolves.toEqual([...harness().spec.models].sort());

    driver.want({ spec: harness().changedSpec, generation: 2 });
    const after = await driver.untilSettled('Ready');

    expect(after.outcome.observedGeneration).toBe(2);
    expect(after.outcome.outputs).toEqual(before.outcome.outputs);
    for (const { phase, observedGeneration } of after.outcomes.slice(0, -1)) {
      expect([phase, observedGeneration]).toEqual(['Updating', 1]);
    }
    await expect(
      harness().listOfferedModels(after.outcome.outputs, credentials),
    ).resolves.toEqual([...harness().changedSpec.models].sort());
  });

  it('answers the OpenAPI document and the usage of a running environment', async () => {
    const driver = newDriver();
    await driver.untilSettled('Ready');

    const document = await provisioner().getOpenApi(driver.desired);
    expect(document.openapi).toMatch(/^3\./);
    expect(Object.keys(document.paths as object)).not.toEqual([]);
    const today = new Date().toISOString().slice(0, 10);
    await expect(
      provisioner().getUsage(driver.desired, { from: today, to: today }),
    ).resolves.toEqual([]);
  });

  it('keeps environments apart', async () => {
    const one = newDriver();
    const other = newDriver();
    const [first, second] = await Promise.all([
      one.untilSettled('Ready'),
      other.untilSettled('Ready'),
    ]);
    expect(first.outcome.outputs.endpoint).not.toBe(
      second.outcome.outputs.endpoint,
    );
    const credentials = await takeCredentials(provisioner(), one);
    await expect(
      harness().canAuthenticate(second.outcome.outputs, credentials),
    ).resolves.toBe(false);

    one.want({ deletionRequested: true });
    await one.untilSettled('Deleted');
    await expect(other.step()).resolves.toMatchObject({ phase: 'Ready' });
  });
}
