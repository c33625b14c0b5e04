import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';

/** SQLite always, PostgreSQL when `npm run test:postgres` provides one. */
export function createTestDatabases(): {
  databases: TestDatabases;
  ids: [TestDatabaseId][];
} {
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', ...postgresIds()],
    disableDocker: true,
  });
  return { databases, ids: databases.eachSupportedId() };
}

function postgresIds(): TestDatabaseId[] {
  return (
    [
      'POSTGRES_18',
      'POSTGRES_17',
      'POSTGRES_16',
      'POSTGRES_15',
      'POSTGRES_14',
    ] as const
  ).filter(id => {
    const version = id.slice('POSTGRES_'.length);
    return process.env[
      `BACKSTAGE_TEST_DATABASE_POSTGRES${version}_CONNECTION_STRING`
    ];
  });
}
