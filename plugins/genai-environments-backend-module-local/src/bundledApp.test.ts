import { existsSync, readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BundledApp } from './repository/BundledApp';
import { writeTestApp } from './testing/testApp';
import { useLocalWorld } from './testing/useLocalWorld';

// Processes are started, ended and started again.
jest.setTimeout(30_000);

/** Runs only where Node strips types, which it does not below `node_modules`. */
const answering = (answer: string) => `
import { createServer } from 'node:http';
const answer: string = ${JSON.stringify(answer)};
createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(request.url === '/app/health' ? '{"status":"UP"}' : answer);
}).listen(Number(process.env.PORT), process.env.HOST);
`;

describe('the app of environments without a repository', () => {
  const { world, provisioner, newDriver, use } = useLocalWorld();

  /** As when packages of the registry are installed. */
  async function install(answer: string) {
    const directory = join(world().root, 'node_modules', 'module', 'skeleton');
    await writeTestApp(directory, answering(answer), 'main.ts');
    await writeTestApp(join(directory, 'node_modules', 'typescript'));
    await writeFile(join(directory, '.env'), 'GENAI_CLIENT_SECRET=mine');
    delete world().config.appDirectory;
    await provisioner().shutdown();
    use(
      world().createProvisioner({
        bundledApp: new BundledApp(() => directory),
      }),
    );
  }

  const copiesOf = (identity: { name: string; uid: string }) => {
    const path = join(world().directoryOf(identity), 'app');
    return readdirSync(path).map(name => join(path, name));
  };

  const ask = async (appUrl: string) => (await fetch(appUrl)).text();

  it('runs from a copy in the directory of the environment', async () => {
    await install('"first"');
    const driver = newDriver({ app: true });
    const { outcome } = await driver.untilSettled('Ready');

    await expect(ask(outcome.outputs.appUrl!)).resolves.toBe('"first"');
    const [copy, ...others] = copiesOf(driver.desired);
    expect(others).toEqual([]);
    expect(readdirSync(copy).sort()).toEqual(['main.ts', 'package.json']);
    expect(statSync(copy).mode % 0o1000).toBe(0o700);
    expect(statSync(join(copy, 'main.ts')).mode % 0o1000).toBe(0o600);
  });

  it('is replaced when it changes, and kept when it does not', async () => {
    await install('"first"');
    const driver = newDriver({ app: true });
    await driver.untilSettled('Ready');
    const [first] = copiesOf(driver.desired);
    const pid = world().runtimePidOf(driver.desired);

    await install('"first"');
    await driver.untilSettled('Ready');
    expect(world().runtimePidOf(driver.desired)).toBe(pid);

    await install('"second"');
    await driver.until(({ phase }) => phase === 'Updating');
    const { outcome } = await driver.untilSettled('Ready');
    await expect(ask(outcome.outputs.appUrl!)).resolves.toBe('"second"');
    expect(existsSync(first)).toBe(false);
    expect(copiesOf(driver.desired)).toHaveLength(1);
  });

  it('is written again when a crash left half of it', async () => {
    await install('"whole"');
    const driver = newDriver({ app: true });
    await driver.until(({ events }) =>
      events.some(({ reason }) => reason === 'Prepared'),
    );
    const half = join(world().directoryOf(driver.desired), 'app', '.half');
    await writeTestApp(half);

    const { outcome } = await driver.untilSettled('Ready');
    await expect(ask(outcome.outputs.appUrl!)).resolves.toBe('"whole"');
    expect(copiesOf(driver.desired)).not.toContain(half);
  });
});
