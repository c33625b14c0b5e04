import { mkdtempSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { OrphanReport } from '../OrphanReport';
import { readOrCreateFile } from './atomicFile';
import { DataDirectory } from './DataDirectory';

const uid = '0d4ee4f2-6f1f-4a52-8f4b-7a9c7b3d1b11';

describe('DataDirectory', () => {
  let root: string;
  let dataDirectory: DataDirectory;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'genai-data-'));
    dataDirectory = new DataDirectory(join(root, 'data'));
  });

  afterEach(() => rm(root, { recursive: true }));

  it('has one place for each environment', () => {
    const { path } = dataDirectory.environment({ name: 'weather', uid });
    expect(path).toBe(join(root, 'data/environments/weather-0d4ee4f2'));
  });

  it.each(['..', '../x', 'a/b', 'A', '/etc', 'a\0b', ''])(
    'has no place for the name %p',
    name => {
      expect(() => dataDirectory.environment({ name, uid })).toThrow(
        /no name of an environment/,
      );
      expect(() => dataDirectory.repositoryPath(name)).toThrow(
        /no name of an environment/,
      );
    },
  );

  it.each(['../../etc', 'short', 'with space and more'])(
    'has no place for the uid %p',
    bad => {
      expect(() =>
        dataDirectory.environment({ name: 'weather', uid: bad }),
      ).toThrow(/no uid/);
    },
  );

  it('lists nothing before it exists, and what there is', async () => {
    await expect(dataDirectory.list()).resolves.toEqual([]);
    const directory = dataDirectory.environment({ name: 'weather', uid });
    await directory.create();
    await expect(dataDirectory.list()).resolves.toEqual([directory]);
  });

  it('knows whether it could be written to', async () => {
    await expect(dataDirectory.isWritable()).resolves.toBe(true);
    // A file where a directory is needed stops root, too.
    await writeFile(join(root, 'data'), '');
    await chmod(join(root, 'data'), 0o400);
    await expect(dataDirectory.isWritable()).resolves.toBe(false);
  });

  it('reads a broken record as none', async () => {
    const directory = dataDirectory.environment({ name: 'weather', uid });
    await directory.create();
    await writeFile(join(directory.path, 'environment.json'), '{"uid":');
    await expect(directory.readRecord()).resolves.toBeUndefined();
  });

  it('makes one key when many ask at once', async () => {
    let count = 0;
    const keys = await Promise.all(
      Array.from({ length: 10 }, () =>
        readOrCreateFile(join(root, 'key'), () => `key ${count++}`),
      ),
    );
    expect(new Set(keys).size).toBe(1);
  });

  it('tells about environments that nobody asks about, and touches nothing', async () => {
    const known = dataDirectory.environment({ name: 'known', uid });
    const unknown = dataDirectory.environment({ name: 'unknown', uid });
    await known.create();
    await unknown.create();
    const logger = mockServices.logger.mock();
    const report = new OrphanReport({ dataDirectory, logger });
    report.see(known.path);

    await report.report();
    report.stop();
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining(unknown.path),
    );
    await expect(unknown.exists()).resolves.toBe(true);
  });
});
