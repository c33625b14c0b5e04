import { openDatabase } from '@genai-environments/service-kit';
import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { promptTemplateRepositoryContract } from '../../ports/testing/promptTemplateRepositoryContract';
import { MIGRATIONS, openPromptDatabase } from './database';
import { SqlitePromptTemplateRepository } from './SqlitePromptTemplateRepository';

const run = promisify(execFile);

async function setUp() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'prompts-'));
  const databases: DatabaseSync[] = [];
  return {
    dataDirectory,
    open() {
      const database = openPromptDatabase({ dataDirectory });
      databases.push(database);
      return new SqlitePromptTemplateRepository({ database });
    },
    async tearDown() {
      for (const database of databases) database.close();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}

describe('SqlitePromptTemplateRepository', () => {
  promptTemplateRepositoryContract({ setUp });

  it('counts without gaps when several processes save at once', async () => {
    const { dataDirectory, open, tearDown } = await setUp();
    const script = join(dataDirectory, 'saveMany.cjs');
    // The same source as here, in processes of their own.
    buildSync({
      entryPoints: [join(__dirname, '../../testing/saveMany.ts')],
      bundle: true,
      platform: 'node',
      outfile: script,
    });
    await Promise.all(
      [1, 2, 3].map(() =>
        run(process.execPath, [script, dataDirectory, 'greet', '40']),
      ),
    );
    const { items } = await open().listVersions('a', 'greet', {});
    expect(items.map(({ version }) => version)).toEqual(
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
    await tearDown();
  });

  it('opens a file of the first release: its templates are classic ones', async () => {
    const { dataDirectory, open, tearDown } = await setUp();
    const old = openDatabase({
      path: join(dataDirectory, 'prompt-management.sqlite'),
      migrations: MIGRATIONS.slice(0, 1),
    });
    old
      .prepare(
        `INSERT INTO prompt_version (client_id, name, version, id, template, saved_at)
         VALUES ('a', 'greet', 1, 'id-1', '{{ name }}', 1000)`,
      )
      .run();
    old.close();
    expect(await open().findLatest('a', 'greet')).toEqual({
      id: 'id-1',
      name: 'greet',
      template: '{{ name }}',
      syntax: 'classic',
      version: 1,
    });
    await tearDown();
  });
});
