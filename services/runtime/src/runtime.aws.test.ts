import { get } from './testing/requests';
import { SpawnedRuntime } from './testing/spawnRuntime';
import { TaskCredentials } from './testing/TaskCredentials';
import { until } from './testing/until';
import { useAwsEnvironment } from './testing/useAwsEnvironment';

/** The bundle, as tasks of ECS run it, on emulators of what it uses. */
describe('a runtime on AWS', () => {
  const aws = useAwsEnvironment();

  it('works as the role of its task', async () => {
    const credentials = await TaskCredentials.start();
    const runtime = await aws.environment.spawn({
      args: ['--services', 'prompt-management'],
      env: credentials.variables,
    });
    const { token } = await aws.environment.createApplication();
    expect(await get(runtime, '/prompt/template/list', token)).toEqual({});
    expect(credentials.asked).toBeGreaterThan(0);
    await credentials.stop();
  });

  it('says what is wrong when a resource is gone, and ends in order', async () => {
    const runtime = await aws.environment.spawn({
      args: ['--services', 'document-processing,prompt-management'],
    });
    const health = (service: string) =>
      runtime.client.fetch(`/${service}/service/health`);
    expect((await health('document')).status).toBe(200);
    await aws.environment.deleteQueue('chunking');
    const down = await until(async () => {
      const answer = await health('document');
      return answer.status === 503 && answer;
    }, 20_000);
    expect(await down.json()).toMatchObject({
      status: 'DOWN',
      reason: expect.stringContaining('Queue of chunking'),
    });
    expect((await health('prompt')).status).toBe(200);
    runtime.kill('SIGTERM');
    expect(await runtime.exited).toMatchObject({ code: 0, stderr: '' });
  });

  it('does not start without its table, and says why', async () => {
    const runtime = await SpawnedRuntime.spawn({
      args: ['--services', 'all'],
      env: { GENAI_PLATFORM: 'aws', AWS_REGION: 'us-east-1' },
    });
    const { code, stderr } = await runtime.exited;
    expect(code).toBe(78);
    expect(stderr).toContain('GENAI_TABLE is missing; set it to');
  });
});
