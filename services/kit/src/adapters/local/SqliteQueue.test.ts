import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Worker as Thread } from 'node:worker_threads';
import { inTransaction, openDatabase } from '../..';
import { queueContract } from '../../ports/testing';
import { queueMigrations, SqliteQueue } from './SqliteQueue';

async function setUp() {
  const directory = mkdtempSync(join(tmpdir(), 'queue-'));
  const path = join(directory, 'queue.sqlite');
  const databases: DatabaseSync[] = [];
  let now = 1_700_000_000_000;
  const openDb = () => {
    const database = openDatabase({ path, migrations: queueMigrations });
    databases.push(database);
    return database;
  };
  return {
    path,
    openDb,
    open: (database = openDb(), name = 'work') =>
      new SqliteQueue<{ id: number; text?: string }>({
        database,
        name,
        clock: { now: () => now },
      }),
    pass: async (seconds: number) => {
      now += seconds * 1000;
    },
    tearDown: async () => {
      for (const database of databases) database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

describe('SqliteQueue', () => {
  queueContract({
    setUp: async () => {
      const storage = await setUp();
      return { ...storage, open: () => storage.open() };
    },
  });

  describe('beyond the contract', () => {
    let storage: Awaited<ReturnType<typeof setUp>>;
    beforeEach(async () => {
      storage = await setUp();
    });
    afterEach(() => storage.tearDown());

    const poll = {
      max: 10,
      visibilityTimeoutSeconds: 10,
      waitSeconds: 0,
    };

    it('keeps queues of one database apart', async () => {
      const database = storage.openDb();
      await storage.open(database, 'a').send([{ id: 1 }]);
      expect(await storage.open(database, 'b').receive(poll)).toEqual([]);
      expect(await storage.open(database, 'a').receive(poll)).toHaveLength(1);
    });

    it('sends with the commit of a transaction, or not at all', async () => {
      const database = storage.openDb();
      const queue = storage.open(database);
      expect(() =>
        inTransaction(database, () => {
          void queue.send([{ id: 1 }]);
          throw new Error('No');
        }),
      ).toThrow('No');
      expect(await queue.receive(poll)).toEqual([]);
      inTransaction(database, () => void queue.send([{ id: 2 }]));
      expect(await queue.receive(poll)).toMatchObject([{ body: { id: 2 } }]);
    });

    it('does not let an old receipt touch a new delivery', async () => {
      const queue = storage.open();
      await queue.send([{ id: 1 }]);
      const [old] = await queue.receive(poll);
      await storage.pass(11);
      expect(await queue.extend(old, 5)).toBe(false);
      const [current] = await queue.receive(poll);
      await queue.delete(old);
      await queue.bury(old, 'Not mine any more');
      expect(await queue.extend(old, 0)).toBe(false);
      expect(await queue.extend(current, 5)).toBe(true);
      expect(await queue.counts()).toEqual({ ready: 0, inFlight: 1, dead: 0 });
    });

    it('hears of what another thread of control sends', async () => {
      const queue = storage.open();
      const waiting = queue.receive({ ...poll, waitSeconds: 20 });
      const thread = new Thread(
        `const { DatabaseSync } = require('node:sqlite');
         const database = new DatabaseSync(${JSON.stringify(storage.path)});
         database.prepare('INSERT INTO queue_message (queue, body, visible_at) VALUES (?, ?, 0)')
           .run('work', '{"id":7}');
         database.close();`,
        { eval: true },
      );
      expect(await waiting).toMatchObject([{ body: { id: 7 } }]);
      await thread.terminate();
    });
  });
});
