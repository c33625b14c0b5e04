import { applicationSpec } from './testing/applications';
import { get, post } from './testing/requests';
import type { SpawnedRuntime } from './testing/spawnRuntime';
import { until } from './testing/until';
import { useAwsEnvironment } from './testing/useAwsEnvironment';

describe('two tasks on AWS', () => {
  const aws = useAwsEnvironment();
  let one: SpawnedRuntime;
  let two: SpawnedRuntime;
  let token: string;
  let clientId: string;

  beforeEach(async () => {
    [one, two] = await Promise.all([aws.spawnApi(), aws.spawnApi()]);
    ({ token, clientId } = await aws.environment.createApplication());
  });

  it('keeps prompts, models, usage and applications in one place', async () => {
    await post(one, '/prompt/template/save', {
      token,
      body: { name: 'greet', prompt_template: 'Hello {who}' },
    });
    expect(
      await post(two, '/prompt/template/get', {
        token,
        body: { name: 'greet' },
      }),
    ).toMatchObject({ version: 1, prompt_template: 'Hello {who}' });

    expect(
      await post(one, '/model/invoke', {
        token,
        body: {
          model_name: 'fast',
          prompt_template: { name: 'greet', variables: { who: 'you' } },
        },
      }),
    ).toMatchObject({ output_text: 'Boats sail by.' });
    const [{ body }] = aws.environment.bedrock.received.filter(
      ({ method }) => method === 'POST',
    );
    expect(JSON.stringify(body)).toContain('Hello you');

    const usage = await until(async () => {
      const answer = await two.client.post(
        '/admin/metrics/invocations',
        two.controlKey,
        { app_id: clientId },
      );
      const { items } = (await answer.json()) as { items: any };
      return items.nova && items;
    }, 20_000);
    expect(usage).toMatchObject({
      nova: { total_count: 1, status_counts: { SUCCESS: 1 } },
    });
  });

  it('answers an asynchronous invocation of another task', async () => {
    const { invocation_id: id } = await post(one, '/model/async_invoke', {
      token,
      body: { model_name: 'nova', prompt: 'Hi' },
    });
    const answer = await until(async () => {
      const output = await two.client.fetch(`/model/async_output/${id}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return output.ok && output;
    }, 20_000);
    expect(await answer.json()).toMatchObject({
      output_text: 'Boats sail by.',
    });
  });

  it('takes over the asynchronous invocation of a task that was killed', async () => {
    const { bedrock } = aws.environment;
    const behave = bedrock.behave;
    const asked = new Promise<void>(resolve => {
      bedrock.behave = () => resolve();
    });
    const { invocation_id: id } = await post(one, '/model/async_invoke', {
      token,
      body: { model_name: 'nova', prompt: 'Hi' },
    });
    await asked;
    bedrock.behave = behave;
    one.kill('SIGKILL');
    await one.exited;
    // The lease of the killed task has to pass first.
    const answer = await until(async () => {
      const output = await two.client.fetch(`/model/async_output/${id}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return output.ok && output;
    }, 90_000);
    expect(await answer.json()).toMatchObject({
      output_text: 'Boats sail by.',
    });
  });

  it('shuts an application out that is deactivated, in every task', async () => {
    await get(two, '/prompt/template/list', token);
    const made = await post(one, '/admin/platform/create_app_client', {
      token: one.controlKey,
      body: { app_name: 'Made here', description: 'By the administration' },
    });
    const own = await aws.environment.token({
      clientId: made.client_id,
      secret: made.client_secret,
    });
    await until(async () => {
      const answer = await two.client.fetch('/prompt/template/list', {
        headers: { authorization: `Bearer ${own}` },
      });
      return answer.ok;
    }, 20_000);
    await post(one, '/admin/platform/deactivate_app_client', {
      token: one.controlKey,
      body: { app_id: made.client_id },
    });
    const refused = await until(async () => {
      const answer = await two.client.fetch('/prompt/template/list', {
        headers: { authorization: `Bearer ${own}` },
      });
      return !answer.ok && answer;
    }, 30_000);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      code: 'application_disabled',
    });
    await told(one, clientId);
    const listed = await get(
      two,
      '/admin/platform/get_all_app_clients',
      two.controlKey,
    );
    expect(listed).toContainEqual(
      expect.objectContaining({
        app_id: made.client_id,
        status: 'inactive',
        app_user_pool_id: aws.environment.pool.userPoolId,
      }),
    );
  });
});

/** The portal tells what it decides, as it does on a laptop, but for secrets. */
async function told({ client }: SpawnedRuntime, clientId: string) {
  const spec = applicationSpec('unused', { secrets: [], revision: 7 });
  const path = `/applications/${clientId}`;
  const put = (body: object) => client.control(path, 'PUT', body);
  expect((await put(applicationSpec('a secret'))).status).toBe(400);
  expect((await put({ ...spec, kind: 'project-app' })).status).toBe(400);
  expect((await put(spec)).status).toBe(200);
  await until(async () => {
    const { applications } = await client.status();
    return applications.some(each => each.revision === 7);
  });
}
