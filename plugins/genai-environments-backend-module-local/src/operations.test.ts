import type { ServiceName } from '@genai-environments/backstage-plugin-genai-environments-common';
import { setTimeout as delay } from 'node:timers/promises';
import { useLocalWorld } from './testing/useLocalWorld';

// Processes are started, ended and started again.
jest.setTimeout(30_000);

describe('operations on local environments', () => {
  const { world, provisioner, newDriver, use } = useLocalWorld();

  const restart = (
    driver: ReturnType<typeof newDriver>,
    service: ServiceName,
  ) => {
    const { spec, generation } = driver.desired;
    const restarts = { ...spec.restarts, [service]: new Date().toISOString() };
    driver.want({ spec: { ...spec, restarts }, generation: generation + 1 });
  };

  it('restart the app with the runtime, and say why', async () => {
    const driver = newDriver({ app: true });
    const before = await driver.untilSettled('Ready');
    const pid = world().runtimePidOf(driver.desired);
    const startOf = (outcome: typeof before.outcome) =>
      outcome.services.find(({ name }) => name === 'app')!.startedAt!;

    restart(driver, 'app');
    const { outcome, events } = await driver.untilSettled('Ready');
    expect(startOf(outcome) > startOf(before.outcome)).toBe(true);
    expect(world().runtimePidOf(driver.desired)).not.toBe(pid);
    expect(events[0]).toMatchObject({
      type: 'Normal',
      reason: 'RuntimeRestarting',
      message: expect.stringContaining('A restart was asked for'),
    });
  });

  it('restart once, also when the backend ends in the middle', async () => {
    const driver = newDriver();
    await driver.untilSettled('Ready');
    restart(driver, 'model-invocation');
    await driver.step();
    await provisioner().shutdown();
    use(world().createProvisioner());
    const { events } = await driver.untilSettled('Ready');
    expect(
      events.filter(({ reason }) => reason === 'RuntimeStarted'),
    ).toHaveLength(1);
    const pid = world().runtimePidOf(driver.desired);
    await driver.step();
    expect(world().runtimePidOf(driver.desired)).toBe(pid);
  });

  it('tell what the runtime really writes, over a restart', async () => {
    const driver = newDriver({ app: true });
    await driver.untilSettled('Ready');
    const page = await provisioner().getLogs(driver.desired, { limit: 1000 });
    expect(page.items).toContainEqual(
      expect.objectContaining({
        level: 'info',
        message: 'The runtime listens',
        detail: expect.stringContaining('"port"'),
      }),
    );

    restart(driver, 'app');
    await driver.untilSettled('Ready');
    const { items } = await provisioner().getLogs(driver.desired, {
      after: page.cursor,
      limit: 1000,
    });
    const messages = items.map(({ message }) => message);
    expect(messages[0]).toMatch(/^The runtime stops/);
    expect(messages).toContain('The runtime listens');
  });

  it('tell what the app writes, with its time', async () => {
    const driver = newDriver({ app: true });
    const before = new Date().toISOString();
    await driver.untilSettled('Ready');
    const read = async () => {
      const request = { service: 'app' as const, limit: 1000 };
      const { items } = await provisioner().getLogs(driver.desired, request);
      return items.find(({ message }) => message === 'The test app listens');
    };
    // The runtime may still have it in hand when the app answers already.
    let line = await read();
    while (!line) line = await delay(20).then(read);
    expect(line.service).toBe('app');
    expect(line.at >= before && line.at <= new Date().toISOString()).toBe(true);
  });

  it('are no scaling: an environment is one process', async () => {
    expect((await provisioner().getInfo()).canScale).toBeUndefined();
  });
});
