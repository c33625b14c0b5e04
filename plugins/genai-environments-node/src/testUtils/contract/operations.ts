import type { ServiceName } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { ReconcileOutcome } from '../../provisioner';
import type { ContractContext } from './describeProvisionerContract';

/** Changes of what runs, and not of what an environment is. */
export function operationContract(context: ContractContext): void {
  const { harness, newDriver } = context;

  const startOf = (outcome: ReconcileOutcome, name: ServiceName): number => {
    const service = outcome.services.find(found => found.name === name);
    return Date.parse(service?.startedAt ?? '');
  };

  it('restarts a service once for each time it is asked for', async () => {
    const driver = newDriver();
    const [service] = harness().spec.services;
    let { outcome } = await driver.untilSettled('Ready');
    const { outputs } = outcome;

    for (const generation of [2, 3]) {
      const before = startOf(outcome, service);
      const restarts = { [service]: new Date().toISOString() };
      const { spec } = driver.desired;
      driver.want({ spec: { ...spec, restarts }, generation });
      const restarted = await driver.untilSettled('Ready');
      outcome = restarted.outcome;

      expect(startOf(outcome, service)).toBeGreaterThan(before);
      expect(outcome.outputs).toEqual(outputs);
      expect(restarted.events.map(({ type }) => type)).not.toContain('Warning');
      for (let look = 0; look < 3; look++) {
        const again = await driver.step();
        expect(again.events).toEqual([]);
        expect(again.phase).toBe('Ready');
        expect(startOf(again, service)).toBe(startOf(outcome, service));
      }
    }
  });

  it('restarts nothing that starts after the restart was asked for', async () => {
    const driver = newDriver();
    const [service] = harness().spec.services;
    const restarts = { [service]: new Date().toISOString() };
    driver.want({ spec: { ...driver.desired.spec, restarts } });
    const { outcome } = await driver.untilSettled('Ready');

    const again = await driver.step();
    expect(again.phase).toBe('Ready');
    expect(startOf(again, service)).toBe(startOf(outcome, service));
  });
}
