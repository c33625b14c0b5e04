import { createLogger } from '@genai-environments/service-kit';
import {
  awsEmulator,
  createTestTable,
} from '@genai-environments/service-kit/aws-testing';
import { applicationAdminContract } from '../../ports/testing/applicationAdminContract';
import {
  type CognitoApplications,
  openCognitoApplications,
} from './openCognitoApplications';
import { createTestPool } from './testing/createTestPool';

jest.setTimeout(60_000);

const logger = createLogger({ level: 'silent' });
const scopes = ['genaifoundations/read'];

/** A pool and a table, and any number of processes on them. */
async function makeEnvironment() {
  const { table, tearDown } = await createTestTable();
  const pool = await createTestPool();
  const opened: CognitoApplications[] = [];
  return {
    ...{ table, pool },
    async open(options: { clock?: { now(): number } } = {}) {
      const applications = await openCognitoApplications({
        ...awsEmulator(),
        ...{ userPoolId: pool.userPoolId, table, logger },
        ...options,
      });
      opened.push(applications);
      return applications;
    },
    async tearDown() {
      for (const applications of opened) await applications.close();
      await pool.tearDown();
      await tearDown();
    },
  };
}

const ofPortal = (clientId: string, enabled = true) => ({
  ...{ clientId, enabled, scopes, name: `App ${clientId}`, revision: 1 },
});

describe('CognitoApplicationAdmin', () => {
  applicationAdminContract({
    async setUp() {
      const environment = await makeEnvironment();
      const { admin, portal } = await environment.open();
      return {
        applications: admin,
        putPortal: (clientId, { enabled }) =>
          portal.put(ofPortal(clientId, enabled)),
        tearDown: environment.tearDown,
      };
    },
  });
});

describe('applications of Cognito', () => {
  let environment: Awaited<ReturnType<typeof makeEnvironment>>;
  let applications: CognitoApplications;
  let now: number;
  const clock = { now: () => now };

  beforeEach(async () => {
    now = 1_000_000;
    environment = await makeEnvironment();
    applications = await environment.open({ clock });
  });
  afterEach(() => environment.tearDown());

  const create = () =>
    applications.admin.create({
      ...{ name: 'Shop für Bücher', description: 'Sells' },
      scopes: ['genaifoundations/read'],
    });

  /** A client that somebody made in the pool and told nobody of. */
  async function createInPool(): Promise<string> {
    const { pool } = environment;
    return (await pool.create({ name: 'by-hand', scopes })).clientId;
  }

  it('makes clients that get tokens for themselves only', async () => {
    const { application, secret } = await create();
    const client = await environment.pool.describe(application.clientId);
    expect(client).toMatchObject({
      ClientSecret: secret,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: scopes,
    });
    expect(application.name).toBe('Shop für Bücher');
  });

  it('keeps no secret in the table', async () => {
    const { application, secret } = await create();
    const item = await environment.table.get({
      pk: 'applications',
      sk: application.clientId,
    });
    expect(item).toMatchObject({ name: 'Shop für Bücher' });
    expect(JSON.stringify(item)).not.toContain(secret);
  });

  it('tells other processes who may call', async () => {
    const { application } = await create();
    const { directory } = applications;
    await directory.refresh();
    expect(directory.find(application.clientId)).toMatchObject({
      enabled: true,
      scopes,
    });
    const other = await environment.open();
    await other.admin.setActive(application.clientId, false);
    await directory.refresh();
    expect(directory.find(application.clientId)).toMatchObject({
      enabled: false,
    });
  });

  it('trusts what it knows for 30 s', async () => {
    const { application } = await create();
    await applications.directory.refresh();
    now += 30_000;
    expect(applications.directory.find(application.clientId)).toBeDefined();
    now += 1;
    expect(() => applications.directory.find(application.clientId)).toThrow(
      'Which applications may call is not known just now',
    );
  });

  it('lets in a client of the pool that nobody told of, and notes it', async () => {
    const clientId = await createInPool();
    expect(await applications.directory.find(clientId)).toMatchObject({
      enabled: true,
      scopes,
    });
    expect(await applications.admin.find(clientId)).toMatchObject({
      name: 'by-hand',
      managedBy: 'portal',
    });
  });

  it('knows no client that the pool does not have', async () => {
    expect(await applications.directory.find('nobody')).toBeUndefined();
    expect(applications.directory.find('nobody')).toBeUndefined();
  });

  it('follows the pool, and forgets nothing that is there', async () => {
    const [made, gone] = [await createInPool(), await createInPool()];
    await applications.sync();
    const { application: own } = await create();
    await applications.admin.setActive(made, false);
    await environment.pool.delete(gone);
    await applications.sync();
    const { items } = await applications.admin.list({});
    const ids = items.map(({ clientId }) => clientId);
    expect(ids).toEqual([made, own.clientId].sort());
    expect(await applications.admin.find(made)).toMatchObject({
      active: false,
    });
    expect(await applications.admin.find(own.clientId)).toMatchObject({
      managedBy: 'administration',
    });
  });

  it('does not let the portal change what the administration made', async () => {
    const { application } = await create();
    await expect(
      applications.portal.put(ofPortal(application.clientId, false)),
    ).rejects.toMatchObject({ code: 'not_of_portal' });
  });

  it('forgets what the portal deletes', async () => {
    await applications.portal.put(ofPortal('a'));
    await applications.portal.delete('a');
    await applications.portal.delete('a');
    expect(await applications.admin.find('a')).toBeUndefined();
  });
});
