import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  inTransaction,
  NewerDatabaseError,
  openDatabase,
} from './openDatabase';

describe('openDatabase', () => {
  let directory: string;
  let path: string;
  const first = 'CREATE TABLE note (text TEXT NOT NULL) STRICT';
  const second = "INSERT INTO note VALUES ('from the second migration')";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kit-sqlite-'));
    path = join(directory, 'deep', 'data.sqlite');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const notes = (database: ReturnType<typeof openDatabase>) =>
    database
      .prepare('SELECT text FROM note')
      .all()
      .map(row => row.text);

  it('makes a file that only its owner can read, in WAL mode', () => {
    const database = openDatabase({ path, migrations: [first] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({
      journal_mode: 'wal',
    });
    database.close();
  });

  it('runs each migration once', () => {
    openDatabase({ path, migrations: [first] }).close();
    openDatabase({ path, migrations: [first, second] }).close();
    const database = openDatabase({ path, migrations: [first, second] });
    expect(notes(database)).toEqual(['from the second migration']);
    database.close();
  });

  it('leaves the database as it was when a migration fails', () => {
    expect(() =>
      openDatabase({ path, migrations: [first, 'CREATE NONSENSE'] }),
    ).toThrow(/NONSENSE/);
    const database = openDatabase({ path, migrations: [first] });
    expect(notes(database)).toEqual([]);
    database.close();
  });

  it('refuses a database of a newer release', () => {
    openDatabase({ path, migrations: [first, second] }).close();
    expect(() => openDatabase({ path, migrations: [first] })).toThrow(
      NewerDatabaseError,
    );
  });

  it('rolls a transaction back when its work throws', () => {
    const database = openDatabase({ path, migrations: [first] });
    expect(() =>
      inTransaction(database, () => {
        database.exec("INSERT INTO note VALUES ('never')");
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(notes(database)).toEqual([]);
    expect(inTransaction(database, () => 7)).toBe(7);
    database.close();
  });
});
