import {
  ON_GITHUB,
  TemplateWorld,
  VALUES,
} from './__testUtils__/TemplateWorld';

jest.setTimeout(30_000);

/*
 * The scaffolder keeps the step that created the environment as done when a task is
 * cancelled after it, and leaves it out when the task is retried; the environment was
 * taken away meanwhile. Such a task completed without one.
 */
describe('a task that is cancelled after its create and then retried', () => {
  const world = new TemplateWorld();
  const { genai } = world;

  beforeAll(() => world.start());
  afterAll(() => world.stop());
  beforeEach(() => world.clear());

  it('ends with an environment', async () => {
    const values = { ...VALUES, ...ON_GITHUB };
    const heard = new Promise<void>(resolve => {
      world.onCancellationHeard = resolve;
    });
    const began = new Promise<void>(resolve => {
      world.onRegister = async () => {
        resolve();
        await heard;
      };
    });
    const id = await world.begin('genai-environment', values);
    await began;
    const { uid } = genai.environment('orders')!;
    await world.post(`/v2/tasks/${id}/cancel`);
    expect((await world.end(id)).status).not.toBe('completed');
    await genai.until(
      () => genai.environment('orders')?.status.phase === 'Deleted',
    );

    expect((await world.post(`/v2/tasks/${id}/retry`)).status).toBe(201);
    const { status, log, output } = await world.end(id);

    expect(status === 'completed' || log).toBe(true);
    expect(log).toContain(
      'Skipping step create because it was already completed',
    );
    expect(genai.environment('orders')?.uid).not.toBe(uid);
    expect(genai.environment('orders')?.status.phase).toBe('Ready');
    expect(output.links[0].entityRef).toBe('resource:default/orders');
  });
});
