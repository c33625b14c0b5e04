import {
  LogPage,
  logLineSchema,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentIdentity, Provisioner } from '../../provisioner';
import type { ContractContext } from './describeProvisionerContract';

const ALL = 1000;

/** What environments log. */
export function logContract(context: ContractContext): void {
  const { harness, provisioner, newDriver } = context;

  /** Own lines only: services write more when they start. */
  const ownLines = ({ items }: LogPage): string[] => {
    items.forEach(line => logLineSchema.parse(line));
    return items
      .map(({ message }) => message)
      .filter(message => /^line \d+$/.test(message));
  };

  const readyDriver = async () => {
    const driver = newDriver();
    await driver.untilSettled('Ready');
    const { desired } = driver;
    const [service, other] = harness().spec.services;
    const write = (name: ServiceName, ...lines: number[]) =>
      harness().writeLogs(
        desired,
        name,
        lines.map(line => `line ${line}`),
      );
    return { desired, service, other, write };
  };

  it('reads the newest lines, oldest first', async () => {
    const { desired, service, write } = await readyDriver();
    await write(service, 1, 2, 3);
    const newest = await provisioner().getLogs(desired, { service, limit: 2 });
    expect(ownLines(newest)).toEqual(['line 2', 'line 3']);
    expect(newest.items).toHaveLength(2);

    const all = await provisioner().getLogs(desired, { limit: ALL });
    expect(ownLines(all)).toEqual(['line 1', 'line 2', 'line 3']);
    const times = all.items.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(new Set(all.items.map(({ id }) => id)).size).toBe(times.length);
  });

  it('reads the lines of one service when asked for them', async () => {
    const { desired, service, other, write } = await readyDriver();
    await write(service, 1);
    await write(other, 2);
    await write(service, 3);
    const read = async (name?: ServiceName) =>
      ownLines(
        await provisioner().getLogs(desired, { service: name, limit: ALL }),
      ).sort();
    await expect(read(service)).resolves.toEqual(['line 1', 'line 3']);
    await expect(read(other)).resolves.toEqual(['line 2']);
    await expect(read()).resolves.toEqual(['line 1', 'line 2', 'line 3']);
  });

  it('goes on from a cursor, also another instance: each line once', async () => {
    const { desired, service, write } = await readyDriver();
    await write(service, 1, 2);
    let { cursor } = await provisioner().getLogs(desired, { limit: 1 });
    const instance = harness().createProvisioner();
    try {
      const told: string[] = [];
      for (const lines of [[3], [], [4, 5, 6, 7, 8]]) {
        await write(service, ...lines);
        const page = await readOn(instance, desired, { cursor, limit: 2 });
        told.push(...page.told);
        cursor = page.cursor;
      }
      expect(told).toEqual([3, 4, 5, 6, 7, 8].map(line => `line ${line}`));
    } finally {
      await instance.shutdown?.();
    }
  });

  it('keeps to the limit, and to the logs of the environment', async () => {
    const one = await readyDriver();
    const other = await readyDriver();
    await one.write(one.service, 1, 2);
    await other.write(other.service, 3);
    const limited = await provisioner().getLogs(one.desired, { limit: 1 });
    expect(limited.items).toHaveLength(1);
    const all = await provisioner().getLogs(other.desired, { limit: ALL });
    expect(ownLines(all)).toEqual(['line 3']);
  });

  it('has no lines of an environment that is not there yet', async () => {
    const { desired } = newDriver();
    const page = await provisioner().getLogs(desired, { limit: ALL });
    expect(page.items).toEqual([]);
    const next = { after: page.cursor, limit: ALL };
    const nothing = await provisioner().getLogs(desired, next);
    expect(nothing.items).toEqual([]);
  });

  it('refuses a cursor that it did not give out', async () => {
    const { desired } = await readyDriver();
    await expect(
      provisioner().getLogs(desired, { after: 'made-up', limit: ALL }),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  /** All pages from a cursor on. */
  async function readOn(
    instance: Provisioner,
    desired: EnvironmentIdentity,
    { cursor, limit }: { cursor: string; limit: number },
  ): Promise<{ told: string[]; cursor: string }> {
    const page = await instance.getLogs(desired, { after: cursor, limit });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    if (page.items.length === 0) return { told: [], cursor: page.cursor };
    const { cursor: next } = page;
    const rest = await readOn(instance, desired, { cursor: next, limit });
    return { ...rest, told: [...ownLines(page), ...rest.told] };
  }
}
