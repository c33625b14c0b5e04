import { ConfigReader } from '@backstage/config';
import { readAwsConfig } from './config';

const read = (aws?: object) =>
  readAwsConfig(new ConfigReader({ genaiEnvironments: { aws } }));

describe('readAwsConfig', () => {
  it('finds nothing where no target is configured', () => {
    expect(readAwsConfig(new ConfigReader({}))).toBeUndefined();
    expect(read({})).toBeUndefined();
    expect(read({ targets: [] })).toBeUndefined();
  });

  it('fills in defaults', () => {
    expect(
      read({ targets: [{ accountId: '012345678901', region: 'eu-west-1' }] }),
    ).toEqual({
      targets: [
        {
          id: 'eu-west-1',
          accountId: '012345678901',
          region: 'eu-west-1',
          tiers: ['sandbox', 'standard', 'isolated'],
          vectorStore: 's3-vectors',
          runtimeImage: undefined,
          ownServices: false,
          settings: {},
        },
      ],
      secretRotationGraceMs: 24 * 3_600_000,
    });
  });

  it('takes what is configured', () => {
    expect(
      read({
        secretRotationGracePeriod: 'PT2H',
        targets: [
          {
            ...{ id: 'lab', accountId: '012345678901', region: 'eu-west-1' },
            ...{ tiers: ['sandbox'], vectorStore: 'opensearch-serverless' },
            settings: { logRetentionDays: 7 },
          },
        ],
      }),
    ).toMatchObject({
      targets: [
        {
          ...{ id: 'lab', tiers: ['sandbox'] },
          vectorStore: 'opensearch-serverless',
          settings: { logRetentionDays: '7' },
        },
      ],
      secretRotationGraceMs: 2 * 3_600_000,
    });
  });

  const valid = { accountId: '012345678901', region: 'eu-west-1' };

  it.each([
    [
      { ...valid, accountId: 12345678901 },
      /accountId is "12345678901".*quotes/,
    ],
    [{ ...valid, region: 'Frankfurt' }, /region is "Frankfurt"/],
    [{ ...valid, tiers: ['gold'] }, /tiers must list some of sandbox/],
    [{ ...valid, vectorStore: 'redis' }, /vectorStore is "redis"/],
  ])('refuses %j', (target, message) => {
    expect(() => read({ targets: [target] })).toThrow(message);
  });

  it('refuses two targets of one id', () => {
    expect(() => read({ targets: [valid, valid] })).toThrow(
      /"eu-west-1" is there twice/,
    );
  });
});
