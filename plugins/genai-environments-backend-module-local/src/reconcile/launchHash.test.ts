import type { EnvironmentSpec } from '@genai-environments/backstage-plugin-genai-environments-common';
import { createHmac } from 'node:crypto';
import { hashLaunch, lastRestartOf } from './launchHash';

const launch = {
  services: ['model-invocation'],
  variables: { GENAI_PORT: '5000', GENAI_APP_DIRECTORY: undefined },
  bundle: 'abc',
  telemetry: {},
  restartedAt: undefined,
};

describe('hashLaunch', () => {
  it('is what releases without restarts gave to runtimes that may still run', () => {
    const before = createHmac('sha256', 'key')
      .update('[["model-invocation"],{"GENAI_PORT":"5000"},"abc",{}]')
      .digest('hex');
    expect(hashLaunch(launch, 'key')).toBe(before);
  });

  it('differs after each restart that was asked for', () => {
    const hashes = [undefined, 1, 2].map(restartedAt =>
      hashLaunch({ ...launch, restartedAt }, 'key'),
    );
    expect(new Set(hashes).size).toBe(3);
  });
});

describe('lastRestartOf', () => {
  const last = (restarts?: EnvironmentSpec['restarts']) =>
    lastRestartOf({ restarts } as EnvironmentSpec);

  it('is the latest of all services, and nothing without any', () => {
    expect(last()).toBeUndefined();
    expect(last({})).toBeUndefined();
    expect(
      last({
        app: '2026-03-01T12:00:00.500Z',
        vectorization: '2026-03-01T12:00:00.000Z',
      }),
    ).toBe(Date.parse('2026-03-01T12:00:00.500Z'));
  });
});
