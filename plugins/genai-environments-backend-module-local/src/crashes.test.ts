import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createProcessTable } from './process/createProcessTable';
import { useLocalWorld } from './testing/useLocalWorld';
import { BROKEN_APP_SOURCE, writeTestApp } from './testing/testApp';

// Processes are started, killed and started again.
jest.setTimeout(30_000);

describe('crashes of the local runtime', () => {
  const { world, provisioner, newDriver, use } = useLocalWorld();

  it('tells that a killed runtime is Degraded, and brings it back as it was', async () => {
    const driver = newDriver({ app: true });
    const before = await driver.untilSettled('Ready');
    const [{ clientId }] = driver.desired.applications;
    const clientSecret = await provisioner().takeSecret(driver.desired, {
      clientId,
      secretVersion: 1,
    });
    const pid = world().runtimePidOf(driver.desired);
    const hint = new Promise<string>(resolve =>
      provisioner().subscribe(resolve),
    );

    process.kill(pid, 'SIGKILL');
    await expect(hint).resolves.toBe(driver.desired.uid);
    const seen = await driver.step();
    expect(seen.phase).toBe('Degraded');
    expect(seen.events).toEqual([
      expect.objectContaining({
        type: 'Warning',
        reason: 'RuntimeCrashed',
        message: expect.stringContaining('SIGKILL'),
      }),
    ]);

    const after = await driver.untilSettled('Ready');
    expect(after.outcomes.map(({ phase }) => phase)).not.toContain('Updating');
    expect(world().runtimePidOf(driver.desired)).not.toBe(pid);
    expect(after.outcome.outputs).toEqual(before.outcome.outputs);
    await expect(
      world().canAuthenticate(after.outcome.outputs, {
        clientId,
        clientSecret,
      }),
    ).resolves.toBe(true);
    // The app of the first runtime is gone, the second has one.
    const port = Number(new URL(after.outcome.outputs.endpoint!).port);
    expect(world().appProcessesAt(port)).toHaveLength(1);
  });

  it('sees the end of a runtime that an earlier backend started', async () => {
    const driver = newDriver();
    await driver.untilSettled('Ready');
    await provisioner().shutdown();
    use(world().createProvisioner());

    process.kill(world().runtimePidOf(driver.desired), 'SIGKILL');
    const { outcome } = await driver.until(({ phase }) => phase !== 'Ready');
    expect(outcome.phase).toBe('Degraded');
    await driver.untilSettled('Ready');
  });

  it('waits longer after each crash, and then asks for help', async () => {
    let now = Date.now();
    use(world().createProvisioner({ now: () => now }));
    const driver = newDriver();
    await driver.untilSettled('Ready');

    const delays: number[] = [];
    for (let crash = 1; crash <= 4; crash++) {
      process.kill(world().runtimePidOf(driver.desired), 'SIGKILL');
      const { outcome } = await driver.until(({ events }) =>
        events.some(({ reason }) => reason === 'RuntimeCrashed'),
      );
      delays.push(outcome.requeueAfterMs);
      const [condition] = outcome.conditions;
      expect(condition.nextAction).toMatch(
        crash < 4 ? /restarted by itself/ : /platform team/,
      );
      const early = await driver.step();
      expect([early.phase, early.events]).toEqual(['Degraded', []]);
      now += outcome.requeueAfterMs;
      await driver.until(({ phase }) => phase === 'Ready');
    }
    expect(delays).toEqual([500, 1000, 2000, 4000]);

    now += 3_600_000;
    await driver.step();
    process.kill(world().runtimePidOf(driver.desired), 'SIGKILL');
    const { outcome } = await driver.until(({ phase }) => phase !== 'Ready');
    expect(outcome.requeueAfterMs).toBe(500);
  });

  it('restarts a runtime that hangs', async () => {
    let now = Date.now();
    use(world().createProvisioner({ now: () => now }));
    const driver = newDriver();
    await driver.untilSettled('Ready');
    const pid = world().runtimePidOf(driver.desired);

    process.kill(pid, 'SIGSTOP');
    const silent = await driver.step();
    expect(silent.phase).toBe('Degraded');
    expect(silent.conditions[0].reason).toBe('RuntimeSilent');
    now += 20_000;
    const ended = await driver.step();
    expect(ended.conditions[0].message).toMatch(/did not answer for 20 s/);
    now += 1000;
    await driver.untilSettled('Ready');
    expect(world().runtimePidOf(driver.desired)).not.toBe(pid);
    await expect(
      createProcessTable().isRunning(pid, driver.desired.uid),
    ).resolves.toBe(false);
  });

  it('adopts a runtime, also one whose start was never noted', async () => {
    const driver = newDriver();
    await driver.until(({ events }) =>
      events.some(({ reason }) => reason === 'RuntimeStarted'),
    );
    // As if the backend had died right after the process was made.
    const path = join(world().directoryOf(driver.desired), 'supervision.json');
    const { launch, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    const { pid, ...unnoted } = launch;
    await writeFile(path, JSON.stringify({ ...rest, launch: unnoted }));
    await provisioner().shutdown();
    use(world().createProvisioner());

    const { events } = await driver.untilSettled('Ready');
    expect(world().launchedPidOf(driver.desired)).toBe(pid);
    expect(events.map(({ reason }) => reason)).not.toContain('RuntimeStarted');
  });

  it('is Ready only once the app works, and tells its last words when it does not', async () => {
    let now = Date.now();
    await writeTestApp(world().config.appDirectory!, BROKEN_APP_SOURCE);
    use(world().createProvisioner({ now: () => now }));
    const driver = newDriver({ app: true });
    await driver.until(({ progress }) => progress?.completedSteps === 3);
    expect((await driver.step()).phase).toBe('Provisioning');

    now += 21_000;
    // A look may find it while it is being started once more.
    const { outcome } = await driver.until(
      ({ phase, conditions: [{ message }] }) =>
        phase === 'Degraded' && message.includes('exit code 3'),
    );
    expect(outcome.conditions[0].message).toContain('cannot read the weather');

    await writeTestApp(world().config.appDirectory!);
    await driver.untilSettled('Ready');
  });
});
