import { readdirSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isPortFree } from './process/ports';
import { environmentOf } from './testing/LocalWorld';
import { createProcessTable } from './process/createProcessTable';
import { useLocalWorld } from './testing/useLocalWorld';

// Processes are started, killed and started again.
jest.setTimeout(30_000);

describe('what local environments share with the machine', () => {
  const { world, provisioner, newDriver, use } = useLocalWorld();

  it('stops by itself when the directory disappears', async () => {
    const driver = newDriver({ app: true });
    await driver.untilSettled('Ready');
    const port = world().portOf(driver.desired);
    const pid = world().runtimePidOf(driver.desired);
    const ended = new Promise<string>(resolve =>
      provisioner().subscribe(resolve),
    );
    await rm(world().directoryOf(driver.desired), { recursive: true });

    await expect(ended).resolves.toBe(driver.desired.uid);
    expect(await isPortFree(port)).toBe(true);
    driver.want({ deletionRequested: true });
    await driver.untilSettled('Deleted');
    await expect(
      createProcessTable().isRunning(pid, driver.desired.uid),
    ).resolves.toBe(false);
  });

  it('lets nobody else read its files', async () => {
    const driver = newDriver({ app: true });
    await driver.untilSettled('Ready');

    const root = world().config.dataDirectory;
    for (const entry of readdirSync(root, {
      recursive: true,
      withFileTypes: true,
    })) {
      const path = join(entry.parentPath, entry.name);
      const mode = (statSync(path).mode % 0o1000).toString(8);
      expect([path, mode]).toEqual([path, entry.isDirectory() ? '700' : '600']);
    }
  });

  it('writes no secret to disk in the clear', async () => {
    world().config.upstreams.push({
      id: 'elsewhere',
      baseUrl: 'http://127.0.0.1:9/v1',
      apiKey: 'sk-upstream-key-of-the-portal',
      models: [{ id: 'big', kind: 'text' }],
    });
    const driver = newDriver({ app: true });
    driver.want({ spec: { ...driver.desired.spec, models: ['big'] } });
    const { outcome } = await driver.until(({ phase }) => phase === 'Degraded');
    expect(outcome.conditions[0].message).toContain('cannot be reached');
    expect(outcome.services.at(-1)).toMatchObject({ health: 'healthy' });
    const [{ clientId }] = driver.desired.applications;
    const secret = await provisioner().takeSecret(driver.desired, {
      clientId,
      secretVersion: 1,
    });
    const [appPid] = world().appProcessesAt(world().portOf(driver.desired));
    const appSecret = environmentOf(appPid)
      .find(variable => variable.startsWith('GENAI_CLIENT_SECRET='))!
      .split('=')[1];

    expect(appSecret.length).toBeGreaterThan(30);
    for (const text of [secret, appSecret, 'sk-upstream-key-of-the-portal']) {
      expect(filesWith(world().config.dataDirectory, text)).toEqual([]);
      expect(JSON.stringify(driver.outcomes)).not.toContain(text);
    }
  });

  it('gives runtime and app none of the variables of the backend', async () => {
    use(
      world().createProvisioner({
        inherited: {
          ...process.env,
          BACKEND_SECRET: 'hush',
          NODE_OPTIONS: '--no-warnings',
          HTTPS_PROXY: 'http://proxy.example',
          NO_PROXY: '*',
        },
      }),
    );
    const driver = newDriver({ app: true });
    const { outcome } = await driver.untilSettled('Ready');
    const names = environmentOf(world().runtimePidOf(driver.desired)).map(
      line => line.split('=')[0],
    );
    expect(names).toContain('GENAI_CONTROL_KEY');
    expect(names).toContain('HTTPS_PROXY');
    expect(names).not.toContain('BACKEND_SECRET');
    expect(names).not.toContain('NODE_OPTIONS');

    const answer = await fetch(`${outcome.outputs.appUrl}env`);
    const ofApp = (await answer.json()) as string[];
    expect(ofApp).toContain('GENAI_CLIENT_SECRET');
    expect(ofApp).not.toContain('BACKEND_SECRET');
    expect(ofApp).not.toContain('GENAI_CONTROL_KEY');
  });
});

function filesWith(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => readFileSync(path).includes(text));
}
