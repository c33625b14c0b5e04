import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { applicationAdminContract } from '@genai-environments/administration/testing';
import { openDatabase } from '@genai-environments/service-kit';
import { applicationSpec } from '../testing/applications';
import { makeDirectory, removeDirectories } from '../testing/directories';
import { AdministeredApplications } from './AdministeredApplications';
import { ApplicationRegistry } from './ApplicationRegistry';

function open(directory: string) {
  const database: DatabaseSync = openDatabase({
    path: join(directory, 'applications.db'),
    migrations: [
      ...ApplicationRegistry.migrations,
      ...AdministeredApplications.migrations,
    ],
  });
  const registry = new ApplicationRegistry({ database });
  const applications = new AdministeredApplications({ database, registry });
  return { database, registry, applications };
}

describe('AdministeredApplications', () => {
  afterEach(removeDirectories);

  applicationAdminContract({
    async setUp() {
      const { database, registry, applications } = open(await makeDirectory());
      return {
        applications,
        async putPortal(clientId, { enabled }) {
          registry.put({ ...applicationSpec('secret', { enabled }), clientId });
        },
        async tearDown() {
          database.close();
        },
      };
    },
  });

  const shop = {
    name: 'Shop',
    description: 'Sells',
    scopes: ['genaifoundations/read'] as [string],
  };

  it('makes applications that authenticate, and keeps only a digest', async () => {
    const { database, registry, applications } = open(await makeDirectory());
    const { application, secret } = await applications.create(shop);
    const { clientId } = application;
    expect(registry.authenticate(clientId, secret!)).toMatchObject({
      clientId,
    });
    expect(applications.isOwn(clientId)).toBe(true);
    const rows = database
      .prepare(
        'SELECT spec FROM applications UNION SELECT note FROM administered_applications',
      )
      .all();
    expect(JSON.stringify(rows)).not.toContain(secret);
    database.close();
  });

  it('keeps what was decided over a restart', async () => {
    const directory = await makeDirectory();
    const first = open(directory);
    const { application } = await first.applications.create(shop);
    await first.applications.setActive(application.clientId, false);
    first.database.close();

    const { database, applications } = open(directory);
    expect(await applications.find(application.clientId)).toEqual({
      ...application,
      active: false,
    });
    expect(applications.directory.find(application.clientId)).toMatchObject({
      enabled: false,
    });
    database.close();
  });

  it('lets nobody in who is deactivated, and everybody else as before', async () => {
    const { database, registry, applications } = open(await makeDirectory());
    registry.put({ ...applicationSpec('secret'), clientId: 'a' });
    const before = await applications.directory.find('a');
    expect(before).toMatchObject({ clientId: 'a', enabled: true });
    await applications.setActive('a', false);
    expect(await applications.directory.find('a')).toMatchObject({
      enabled: false,
    });
    await applications.setActive('a', true);
    expect(await applications.directory.find('a')).toEqual(before);
    expect(await applications.directory.find('nobody')).toBeUndefined();
    database.close();
  });

  it('forgets what it noted of an application that is deleted', async () => {
    const { database, registry, applications } = open(await makeDirectory());
    registry.put({ ...applicationSpec('secret'), clientId: 'a' });
    await applications.setActive('a', false);
    registry.delete('a');
    registry.put({ ...applicationSpec('secret'), clientId: 'a' });
    expect(await applications.find('a')).toMatchObject({ active: true });
    database.close();
  });
});
