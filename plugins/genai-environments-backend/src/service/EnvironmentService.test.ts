import type { CreateEnvironmentRequest } from '@genai-environments/backstage-plugin-genai-environments-common';
import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';

describe.each(createTestDatabases().ids)('creating, %s', id => {
  const { databases } = createTestDatabases();
  const start = async (config: object = {}) => {
    const knex = await databases.init(id);
    return { knex, ...(await startPlugin({ knex, config })) };
  };

  it.each<[string, Record<string, unknown>, number, RegExp]>([
    [
      'bad characters in the name',
      { name: 'Invoice_Bot' },
      400,
      /^Field "name" must start with a lower-case letter, .*; received "Invoice_Bot"\.$/,
    ],
    [
      'a name that is too long',
      { name: 'a'.repeat(33) },
      400,
      /"name" must have at most 32 characters; received "a{33}"/,
    ],
    [
      'an unknown tier',
      { tier: 'gold' },
      400,
      /"tier" must be one of "sandbox", "standard", "isolated"; received "gold"/,
    ],
    ['a missing field', { models: undefined }, 400, /"models" is required/],
    ['an unknown field', { colour: 'red' }, 400, /Unknown field "colour"/],
    [
      'an owner that is no entity reference',
      { owner: 'payments' },
      400,
      /"owner" must be a full entity reference such as group:default\/payments/,
    ],
    [
      'a tier that the provisioner lacks',
      { tier: 'isolated' },
      400,
      /Tier "isolated" is not offered .* Choose one of: sandbox\./,
    ],
    [
      'a region that the provisioner lacks',
      { region: 'moon-1' },
      400,
      /Region "moon-1" is not offered .* Choose one of: here\./,
    ],
    [
      'a service that the provisioner lacks',
      { services: ['vectorization'] },
      400,
      /Service "vectorization" is not offered/,
    ],
    [
      'an unknown model',
      { models: ['fake.text', 'gpt-99'] },
      400,
      /Model "gpt-99" is not offered .* Choose one of: fake\.text, fake\.other\./,
    ],
    [
      'an unknown provisioner',
      { provisioner: 'mars' },
      400,
      /"provisioner" must be one of "fake"; received "mars"/,
    ],
    [
      'too long a life',
      { expiresAfter: 'P31D' },
      400,
      /"expiresAfter" must be at most P30D; received "P31D"/,
    ],
    [
      'no life at all',
      { expiresAfter: 'P0D' },
      400,
      /"expiresAfter" must be at least PT1H/,
    ],
    [
      'an owner one is not a member of',
      { owner: 'group:default/search' },
      403,
      /You do not belong to group:default\/search/,
    ],
  ])('refuses %s, creates nothing', async (_, override, status, sentence) => {
    const { ada, knex, audited } = await start();
    const body = { ...createRequest, ...override };
    const answer = await ada.post('/environments', body);
    expect(answer.body.error?.message).toMatch(sentence);
    expect(answer.status).toBe(status);
    expect(await knex('environments')).toEqual([]);
    expect(audited).toEqual([
      expect.objectContaining({
        eventId: 'environment-create',
        result: 'failure',
      }),
    ]);
  });

  it('refuses a body that is no JSON', async () => {
    const { ada, knex } = await start();
    await ada
      .post('/environments')
      .set('Content-Type', 'application/json')
      .send('{"name":' as never)
      .expect(400);
    expect(await knex('environments')).toEqual([]);
  });

  it('answers a repeated request with the same record, other requests with 409', async () => {
    const { ada, as, knex } = await start();
    const body = { ...createRequest, requestId: 'task-1' };
    const first = await ada.post('/environments', body).expect(201);
    const again = await ada.post('/environments', body).expect(200);
    expect(again.body.uid).toBe(first.body.uid);

    const others: Array<[ReturnType<typeof as>, CreateEnvironmentRequest]> = [
      [ada, { ...body, requestId: 'task-2' }],
      [ada, createRequest],
      [ada, { ...body, models: ['fake.other'] }],
      [as('user:default/bob'), { ...body, owner: 'group:default/search' }],
    ];
    for (const [user, other] of others) {
      const { body: answer } = await user
        .post('/environments', other)
        .expect(409);
      expect(answer.error.message).toBe(
        'The name "invoice-bot" is taken by another environment. Choose another name.',
      );
    }
    expect(await knex('environments')).toHaveLength(1);
    expect(
      await knex('applications').orderBy('name').select('name', 'kind'),
    ).toEqual([
      { name: 'default', kind: 'external' },
      { name: 'project-app', kind: 'project-app' },
    ]);
  });

  it('lets one of many concurrent requests for a name win', async () => {
    const { ada, knex } = await start();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        ada.post('/environments', { ...createRequest, requestId: `task-${n}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array(7).fill(409),
    ]);
    expect(await knex('environments')).toHaveLength(1);
  });

  it('takes concurrent repeats of one request for one', async () => {
    const { ada, knex } = await start();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ada.post('/environments', createRequest)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array(7).fill(200),
      201,
    ]);
    expect(new Set(answers.map(({ body }) => body.uid)).size).toBe(1);
    expect(await knex('environments')).toHaveLength(1);
  });

  it('holds the quotas under concurrency', async () => {
    const { ada, bob, knex } = await start({
      limits: { maxEnvironmentsPerOwner: 2, maxEnvironments: 3 },
    });
    const create = (user: typeof ada, owner: string, n: number) =>
      user.post('/environments', { ...createRequest, owner, name: `env-${n}` });
    const payments = await Promise.all(
      [1, 2, 3, 4, 5].map(n => create(ada, 'group:default/payments', n)),
    );
    expect(payments.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = payments.find(({ status }) => status !== 201);
    expect(refused?.status).toBe(400);
    expect(refused?.body.error.message).toMatch(
      /group:default\/payments has 2 of at most 2 environments\. Tear one down first/,
    );

    const search = await Promise.all(
      [6, 7].map(n => create(bob, 'group:default/search', n)),
    );
    expect(search.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await knex('environments')).toHaveLength(3);
  });

  it('frees the name and the quota once the teardown is complete', async () => {
    const { ada, provisioner, waitForPhase, waitUntilGone } = await start({
      limits: { maxEnvironmentsPerOwner: 1 },
    });
    await ada.post('/environments', createRequest).expect(201);
    await waitForPhase('invoice-bot', 'Ready');
    let goOn!: () => void;
    const held = new Promise<void>(resolve => {
      goOn = resolve;
    });
    provisioner.intercept = async ({ deletionRequested }) => {
      if (deletionRequested) await held;
    };
    const deleted = await ada.delete('/environments/invoice-bot').expect(202);
    expect(deleted.body.status.phase).toBe('Deleting');
    const again = await ada.delete('/environments/invoice-bot').expect(202);
    expect(again.body.deletionRequestedAt).toBe(
      deleted.body.deletionRequestedAt,
    );

    const early = await ada.post('/environments', createRequest).expect(409);
    expect(early.body.error.message).toMatch(/still being torn down/);
    await ada
      .patch('/environments/invoice-bot', { description: 'x' })
      .expect(409);
    goOn();
    await waitUntilGone('invoice-bot');
    const second = await ada.post('/environments', createRequest).expect(201);
    expect(second.body.uid).not.toBe(deleted.body.uid);
  });

  it('changes only what differs', async () => {
    const { ada, waitForPhase } = await start();
    await ada.post('/environments', createRequest).expect(201);
    await waitForPhase('invoice-bot', 'Ready');
    const patch = (body: object) =>
      ada.patch('/environments/invoice-bot', body);

    const same = await patch({ models: ['fake.text'] }).expect(200);
    expect(same.body.generation).toBe(1);
    expect(same.body.status.phase).toBe('Ready');
    const extended = await patch({ expiresAfter: 'P20D' }).expect(200);
    expect(extended.body.generation).toBe(1);
    expect(Date.parse(extended.body.expiresAt)).toBeGreaterThan(
      Date.now() + 19 * 86_400_000,
    );
    const { body } = await patch({ models: ['gpt-99'] }).expect(400);
    expect(body.error.message).toMatch(/Model "gpt-99" is not offered/);
    await patch({ tier: 'standard' }).expect(400);
    await patch({ expiresAfter: 'P99D' }).expect(400);
  });

  it('plans with all problems at once and creates nothing', async () => {
    const { ada, knex } = await start();
    const good = await ada.post('/plan', createRequest).expect(200);
    expect(good.body).toMatchObject({
      problems: [],
      resources: [{ type: 'map' }],
      monthlyCost: { amount: 0, currency: 'USD' },
    });
    const bad = await ada
      .post('/plan', {
        ...createRequest,
        owner: 'group:default/search',
        models: ['gpt-99'],
        expiresAfter: 'P99D',
      })
      .expect(200);
    expect(
      bad.body.problems.map(({ path, code }: any) => `${path} ${code}`),
    ).toEqual([
      'owner not-owner',
      'expiresAfter lifetime-exceeded',
      'models.0 unknown-model',
    ]);
    const malformed = await ada.post('/plan', { name: 'X' }).expect(200);
    expect(malformed.body.problems).toContainEqual({
      path: 'name',
      code: 'invalid',
      message: expect.stringMatching(/at least 3 characters; received "X"/),
    });
    expect(await knex('environments')).toEqual([]);

    await ada.post('/environments', createRequest).expect(201);
    const taken = await ada.post('/plan', createRequest).expect(200);
    expect(taken.body.problems).toEqual([
      expect.objectContaining({ path: 'name', code: 'name-taken' }),
    ]);
  });

  it('compares owners without regard to case', async () => {
    const { ada } = await start();
    const { body } = await ada
      .post('/environments', {
        ...createRequest,
        owner: 'group:default/Payments',
      })
      .expect(201);
    expect(body.owner).toBe('group:default/payments');
  });

  it('says what can be chosen', async () => {
    const { ada } = await start();
    const provisioners = await ada.get('/provisioners').expect(200);
    expect(provisioners.body.items).toEqual([
      expect.objectContaining({ id: 'fake', isDefault: true }),
    ]);
    const models = await ada.get('/models?provisioner=fake&region=here');
    expect(models.body.items).toHaveLength(2);
    await ada.get('/models?provisioner=mars&region=here').expect(400);
    await ada.get('/models?provisioner=fake&region=moon').expect(400);
    await ada.get('/models').expect(400);
    const limits = await ada.get('/limits').expect(200);
    expect(limits.body).toEqual({
      defaultLifetime: 'P7D',
      maxLifetime: 'P30D',
      maxEnvironmentsPerOwner: 5,
      owners: ['group:default/payments', 'user:default/ada'],
      publishTargets: ['local'],
    });
  });
});
