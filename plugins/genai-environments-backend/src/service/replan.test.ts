import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';

describe.each(createTestDatabases().ids)('planning again, %s', id => {
  const { databases } = createTestDatabases();

  it('lets a task that runs again past its own environment, and nobody else', async () => {
    const knex = await databases.init(id);
    const { ada } = await startPlugin({
      knex,
      config: { limits: { maxEnvironmentsPerOwner: 1 } },
    });
    const request = { ...createRequest, requestId: 'task-1' };
    const codes = async (body: object) => {
      const plan = await ada.post('/plan', body).expect(200);
      return plan.body.problems.map(
        (problem: { code: string }) => problem.code,
      );
    };
    await ada
      .post('/environments', {
        ...request,
        app: { repository: 'https://git.example.com/orders' },
      })
      .expect(201);

    expect(await codes(request)).toEqual([]);
    expect(await codes({ ...request, requestId: 'task-2' })).toEqual([
      'name-taken',
      'quota-exceeded',
    ]);
    expect(await codes(createRequest)).toEqual([
      'name-taken',
      'quota-exceeded',
    ]);
  });
});
