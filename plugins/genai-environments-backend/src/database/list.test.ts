import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  Environment,
  genaiEnvironmentReadPermission,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';
import {
  createGenaiEnvironmentConditionalDecision,
  genaiEnvironmentConditions,
} from '../permissions/rules';
import { newEnvironment } from '../service/admission';
import { migrationsDirectory } from './migrations';

const { isOwner, hasTier } = genaiEnvironmentConditions;

describe.each(createTestDatabases().ids)('the list of environments, %s', id => {
  const { databases } = createTestDatabases();

  /** 9 resting environments: three owners, three tiers each. */
  const fill = async (knex: Knex) => {
    await knex.migrate.latest({ directory: migrationsDirectory });
    for (const owner of ['payments', 'search', 'ads']) {
      for (const tier of ['sandbox', 'standard', 'isolated'] as const) {
        const { row } = newEnvironment({
          request: {
            ...createRequest,
            name: `${owner}-${tier}`,
            owner: `group:default/${owner}`,
            tier,
          },
          createdBy: 'user:default/ada',
          lifetimeMs: 3_600_000,
          now: Date.now(),
        });
        await knex('environments').insert({ ...row, next_reconcile_at: null });
      }
    }
  };

  const start = async (decision?: PolicyDecision) => {
    const knex = await databases.init(id);
    await fill(knex);
    const policy = decision && (() => decision);
    const plugin = await startPlugin({ knex, policy });
    const list = async (query = '') => {
      const { body } = await plugin.ada.get(`/environments${query}`);
      return body.items.map(({ name }: Environment) => name);
    };
    return { ...plugin, knex, list };
  };

  const decide = (
    conditions: Parameters<typeof createGenaiEnvironmentConditionalDecision>[1],
  ) =>
    createGenaiEnvironmentConditionalDecision(
      genaiEnvironmentReadPermission,
      conditions,
    );

  it('pages through everything by name, without gap or repeat', async () => {
    const { ada, list } = await start();
    const all = await list();
    expect(all).toHaveLength(9);
    expect(all).toEqual([...all].sort());

    const paged: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const query = `?limit=4${cursor ? `&cursor=${cursor}` : ''}`;
      const { body } = await ada.get(`/environments${query}`).expect(200);
      paged.push(...body.items.map(({ name }: Environment) => name));
      cursor = body.nextCursor;
      pages++;
    } while (cursor);
    expect(paged).toEqual(all);
    expect(pages).toBe(3);
    expect((await ada.get('/environments?limit=9')).body).not.toHaveProperty(
      'nextCursor',
    );
  });

  it('filters by owner and phase', async () => {
    const { list, knex } = await start();
    await knex('environments')
      .where('name', 'ads-standard')
      .update({ phase: 'Ready' });
    expect(await list('?owner=group:default/ADS')).toHaveLength(3);
    expect(await list('?phase=Ready')).toEqual(['ads-standard']);
    expect(await list('?phase=Ready&owner=group:default/search')).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ['?limit=0', /"limit" must be at least 1; received "0"/],
    ['?limit=201', /"limit" must be at most 200/],
    ['?limit=many', /"limit" must be a number/],
    ['?phase=Tired', /"phase" must be one of "Pending"/],
    ['?cursor=nonsense', /"cursor" is invalid/],
    ['?owner=a&owner=b', /"owner" must be a string/],
  ])('refuses %s with a sentence', async (query, sentence) => {
    const { ada } = await start();
    const { body } = await ada.get(`/environments${query}`).expect(400);
    expect(body.error.message).toMatch(sentence);
  });

  const owned = (...names: string[]) =>
    isOwner({ claims: names.map(name => `group:default/${name}`) });

  it.each<[string, PolicyDecision, string[]]>([
    [
      'owners',
      decide(owned('search')),
      ['search-isolated', 'search-sandbox', 'search-standard'],
    ],
    [
      'all of',
      decide({
        allOf: [owned('search', 'ads'), hasTier({ tiers: ['isolated'] })],
      }),
      ['ads-isolated', 'search-isolated'],
    ],
    [
      'any of, with alternatives kept together',
      decide({
        anyOf: [
          {
            allOf: [owned('ads'), hasTier({ tiers: ['sandbox', 'standard'] })],
          },
          {
            allOf: [owned('search'), { not: hasTier({ tiers: ['sandbox'] }) }],
          },
        ],
      }),
      ['ads-sandbox', 'ads-standard', 'search-isolated', 'search-standard'],
    ],
    [
      'not',
      decide({
        not: {
          anyOf: [owned('ads'), hasTier({ tiers: ['sandbox', 'standard'] })],
        },
      }),
      ['payments-isolated', 'search-isolated'],
    ],
    ['nobody', decide(isOwner({ claims: [] })), []],
    ['denial', { result: AuthorizeResult.DENY }, []],
  ])(
    'shows what the policy allows, by %s, and nothing else',
    async (_, decision, expected) => {
      const { list, ada, knex } = await start(decision);
      expect(await list()).toEqual(expected);
      expect(await list('?phase=Pending&limit=200')).toEqual(expected);

      // The single record must agree with the list, as `apply` with `toQuery`.
      const readable: string[] = [];
      for (const { name } of await knex('environments').orderBy('name')) {
        const { status } = await ada.get(`/environments/${name}`);
        if (status === 200) readable.push(name);
      }
      expect(readable).toEqual(expected);
    },
  );

  it('fills pages in spite of rows that are hidden', async () => {
    const { ada } = await start(decide(owned('search')));
    const first = await ada.get('/environments?limit=2').expect(200);
    expect(first.body.items).toHaveLength(2);
    const { nextCursor } = first.body;
    const second = await ada.get(`/environments?limit=2&cursor=${nextCursor}`);
    expect(second.body.items).toHaveLength(1);
    expect(second.body.nextCursor).toBeUndefined();
  });
});
