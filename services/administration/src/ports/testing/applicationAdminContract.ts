// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { ApplicationAdmin } from '../ApplicationAdmin';

/** What every adapter must do. */
export function applicationAdminContract(options: {
  setUp(): Promise<{
    applications: ApplicationAdmin;
    /** Makes, or changes, an application as the portal does. */
    putPortal(
      clientId: string,
      application: { enabled: boolean },
    ): Promise<void>;
    tearDown(): Promise<void>;
  }>;
}): void {
  describe('contract of ApplicationAdmin', () => {
    let setup: Awaited<ReturnType<typeof options.setUp>>;
    let applications: ApplicationAdmin;
    const shop = {
      name: 'Shop',
      description: 'Sells',
      scopes: ['genaifoundations/read'] as [string],
    };

    beforeEach(async () => {
      setup = await options.setUp();
      applications = setup.applications;
    });
    afterEach(() => setup.tearDown());

    it('makes applications that are active and its own, with one secret each', async () => {
      const one = await applications.create(shop);
      const two = await applications.create(shop);
      expect(one.application).toMatchObject({
        name: 'Shop',
        description: 'Sells',
        active: true,
        managedBy: 'administration',
        createdAt: expect.any(Number),
      });
      expect(two.application.clientId).not.toBe(one.application.clientId);
      const ways = [one.secret, one.application.secretArn].filter(Boolean);
      expect(ways).toHaveLength(1);
      expect(two.secret ?? two.application.secretArn).not.toBe(ways[0]);
      expect(await applications.find(one.application.clientId)).toEqual(
        one.application,
      );
    });

    it('lists both kinds by client id, in pages or at once', async () => {
      await setup.putPortal('b', { enabled: true });
      await setup.putPortal('a', { enabled: false });
      const { application } = await applications.create(shop);
      const { items } = await applications.list({});
      const ids = items.map(({ clientId }) => clientId);
      expect(ids).toEqual(['a', 'b', application.clientId].sort());
      expect(items.find(({ clientId }) => clientId === 'a')).toMatchObject({
        active: false,
        managedBy: 'portal',
      });

      const first = await applications.list({ limit: 2 });
      const second = await applications.list({ limit: 2, after: first.next });
      expect([...first.items, ...second.items]).toEqual(items);
      expect(first.items).toHaveLength(2);
      expect(second.next).toBeUndefined();
    });

    it('has no next page when the last one is exactly full', async () => {
      await setup.putPortal('a', { enabled: true });
      expect(await applications.list({ limit: 1 })).not.toHaveProperty('next');
    });

    it('switches off and on, as often as wanted', async () => {
      await setup.putPortal('a', { enabled: true });
      for (const active of [false, false, true, true]) {
        const changed = await applications.setActive('a', active);
        expect(changed).toMatchObject({ clientId: 'a', active });
        expect(await applications.find('a')).toEqual(changed);
      }
    });

    it('stays off when the portal changes the application', async () => {
      await setup.putPortal('a', { enabled: true });
      await applications.setActive('a', false);
      await setup.putPortal('a', { enabled: true });
      expect(await applications.find('a')).toMatchObject({ active: false });
    });

    it('does not overrule the portal', async () => {
      await setup.putPortal('a', { enabled: false });
      await expect(applications.setActive('a', true)).rejects.toMatchObject({
        name: 'ConflictError',
        code: 'disabled_by_portal',
      });
    });

    it('knows no others', async () => {
      expect(await applications.find('nobody')).toBeUndefined();
      expect(await applications.setActive('nobody', true)).toBeUndefined();
    });
  });
}
