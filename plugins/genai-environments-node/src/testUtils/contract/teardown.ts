import type { ReconcileOutcome } from '../../provisioner';
import type { ProvisionerDriver } from '../ProvisionerDriver';
import type { ContractContext } from './describeProvisionerContract';

/** Steps of a creation after which teardown is tried; later ones are all alike. */
const STAGES = [0, 1, 2, 3, 4];

/** Taking environments away, from wherever they are. */
export function teardownContract(context: ContractContext): void {
  const { harness, provisioner, newDriver } = context;

  /** Tears down; returns what is left. */
  async function tearDown(driver: ProvisionerDriver): Promise<string[]> {
    driver.want({ deletionRequested: true });
    const { outcome, outcomes } = await driver.untilSettled('Deleted');
    const remains = await harness().findRemains(driver.desired);
    expect(outcome.applications).toEqual([]);
    expect(outcome.outputs).toEqual({});
    const phases = outcomes.slice(0, -1).map(({ phase }) => phase);
    expect(phases).toEqual(phases.map(() => 'Deleting'));
    return remains;
  }

  for (const stage of STAGES) {
    it(`leaves nothing when torn down after step ${stage} of a creation`, async () => {
      const driver = newDriver({ projectApp: true });
      for (let step = 0; step < stage; step++) await driver.step();
      expect(await tearDown(driver)).toEqual([]);
    });
  }

  it('leaves nothing of an environment that was Ready', async () => {
    const driver = newDriver({ projectApp: true });
    await driver.untilSettled('Ready');
    expect(await harness().findRemains(driver.desired)).not.toEqual([]);
    expect(await tearDown(driver)).toEqual([]);
  });

  it('leaves nothing when torn down in the middle of an update', async () => {
    const driver = newDriver();
    await driver.untilSettled('Ready');
    driver.want({ spec: harness().changedSpec, generation: 2 });
    await driver.step();
    expect(await tearDown(driver)).toEqual([]);
  });

  it('answers Deleted again, and tells nothing new', async () => {
    const driver = newDriver();
    await driver.untilSettled('Ready');
    expect(await tearDown(driver)).toEqual([]);

    const again: ReconcileOutcome = await driver.step();
    expect(again.phase).toBe('Deleted');
    expect(again.events).toEqual([]);
  });

  it('has no secrets, document and usage of an environment that is gone', async () => {
    const driver = newDriver();
    await driver.untilSettled('Ready');
    const [{ clientId }] = driver.desired.applications;
    expect(await tearDown(driver)).toEqual([]);

    await expect(
      provisioner().takeSecret(driver.desired, { clientId, secretVersion: 1 }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(provisioner().getOpenApi(driver.desired)).rejects.toThrow();
    await expect(
      provisioner().getUsage(driver.desired, {
        from: '2026-01-01',
        to: '2026-01-02',
      }),
    ).rejects.toThrow();
  });

  it('does not mind that a new environment has the name of one that is gone', async () => {
    const first = newDriver();
    await first.untilSettled('Ready');
    expect(await tearDown(first)).toEqual([]);

    const second = newDriver({ name: first.desired.name });
    const { outcome } = await second.untilSettled('Ready');
    expect(outcome.phase).toBe('Ready');
  });
}
