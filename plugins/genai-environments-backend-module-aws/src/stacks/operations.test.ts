import type { EnvironmentSpec } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { BuildStep } from '../reconcile/Step';
import { restartedAt, tasksOf } from './operations';

const RUNTIME = {
  logicalId: 'RuntimeService',
  name: '{name}-runtime',
  workers: [],
  hosts: ['model-invocation', 'vectorization'],
};
const APP = {
  logicalId: 'AppService',
  name: '{name}-app',
  hosts: [],
  workers: [],
};

function stepOf(
  wishes: Pick<EnvironmentSpec, 'tasks' | 'restarts'>,
  settings: Record<string, string> = {},
) {
  return {
    desired: { spec: wishes },
    aws: { target: { settings } },
  } as unknown as BuildStep;
}

describe('an ECS service with several services', () => {
  const step = stepOf({
    tasks: { 'model-invocation': 2, vectorization: 3, app: 4 },
    restarts: {
      'model-invocation': '2026-11-30T12:00:00.000Z',
      vectorization: '2026-11-30T11:00:00.000Z',
    },
  });

  it('has the most tasks that were asked for one of them', () => {
    expect(tasksOf(step, RUNTIME)).toBe(3);
    expect(tasksOf(step, APP)).toBe(4);
    expect(tasksOf(stepOf({}), RUNTIME)).toBe(1);
  });

  it('has at most what the platform team allows', () => {
    const wish = { tasks: { vectorization: 9 } };
    expect(tasksOf(stepOf(wish), RUNTIME)).toBe(4);
    expect(tasksOf(stepOf(wish, { maxTasks: '6' }), RUNTIME)).toBe(6);
  });

  it('is as new as the last restart of one of them', () => {
    expect(restartedAt(step, RUNTIME)).toBe('2026-11-30T12:00:00.000Z');
    expect(restartedAt(step, APP)).toBe('never');
  });
});
