import { ConfigReader } from '@backstage/config';
import { readPluginConfig } from './config';

const read = (genaiEnvironments: object) =>
  readPluginConfig(new ConfigReader({ genaiEnvironments } as never));

describe('readPluginConfig', () => {
  it('has defaults for everything', () => {
    expect(readPluginConfig(new ConfigReader({}))).toEqual({
      defaultProvisioner: undefined,
      limits: {
        maxEnvironmentsPerOwner: 5,
        maxEnvironments: 100,
        maxApplicationsPerEnvironment: 20,
        defaultLifetime: 'P7D',
        maxLifetime: 'P30D',
        publishTargets: ['local'],
      },
      reconciler: {
        concurrency: 8,
        pollIntervalMs: 1_000,
        leaseTtlMs: 4_000,
        stepTimeoutMs: 120_000,
        initialBackoffMs: 1_000,
        maxBackoffMs: 60_000,
        expiryCheckIntervalMs: 30_000,
      },
      retentionMs: 30 * 86_400_000,
    });
  });

  it('offers GitHub once the portal has credentials for it', () => {
    const targets = (host: object) =>
      readPluginConfig(new ConfigReader({ integrations: { github: [host] } }))
        .limits.publishTargets;
    expect(targets({ host: 'github.com' })).toEqual(['local']);
    expect(targets({ host: 'github.com', token: 'ghp_x' })).toEqual([
      'local',
      'github',
    ]);
    expect(targets({ host: 'github.com', apps: [{ appId: 1 }] })).toContain(
      'github',
    );
  });

  it('reads durations as text and as objects', () => {
    const { limits, retentionMs } = read({
      limits: { defaultLifetime: { hours: 36 }, maxLifetime: 'P2W' },
      retention: { deletedEnvironments: { days: 2 } },
    });
    expect(limits.defaultLifetime).toBe('P1DT12H');
    expect(limits.maxLifetime).toBe('P14D');
    expect(retentionMs).toBe(2 * 86_400_000);
  });

  it.each<[object, RegExp]>([
    [
      { limits: { maxEnvironments: 0 } },
      /genaiEnvironments\.limits\.maxEnvironments must be a whole number/,
    ],
    [
      { limits: { maxLifetime: 'PT90M' } },
      /genaiEnvironments\.limits\.maxLifetime must be in whole hours/,
    ],
    [
      { limits: { defaultLifetime: 'P31D' } },
      /defaultLifetime \(P31D\) must not exceed maxLifetime \(P30D\)/,
    ],
    [
      { reconciler: { leaseTtl: { seconds: 0 } } },
      /genaiEnvironments\.reconciler\.leaseTtl must be a positive duration/,
    ],
  ])('refuses %j with a sentence', (config, sentence) => {
    expect(() => read(config)).toThrow(sentence);
  });
});
