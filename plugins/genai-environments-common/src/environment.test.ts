import {
  createEnvironmentRequestSchema,
  environmentNameSchema,
  isTransitional,
  lifetimeSchema,
} from './environment';

const request = {
  name: 'invoice-bot',
  owner: 'group:default/payments',
  provisioner: 'local',
  tier: 'sandbox',
  region: 'local',
  models: ['local.extractive'],
  services: ['model-invocation'],
};

describe('environmentNameSchema', () => {
  it.each(['abc', 'invoice-bot', 'a1-b2', 'a'.repeat(32)])(
    'accepts %s',
    name => {
      expect(environmentNameSchema.safeParse(name).success).toBe(true);
    },
  );

  it.each([
    'ab',
    'Invoice',
    '1abc',
    'abc-',
    '-abc',
    'a_b_c',
    'a b',
    '../etc',
    'abc\n',
    'ünïcode',
    'a'.repeat(33),
  ])('refuses %j', name => {
    expect(environmentNameSchema.safeParse(name).success).toBe(false);
  });
});

describe('lifetimeSchema', () => {
  it.each(['PT8H', 'P7D', 'P1DT12H'])('accepts %s', value => {
    expect(lifetimeSchema.safeParse(value).success).toBe(true);
  });

  it.each(['P', 'PT', '7 days', 'P1Y', 'PT30M', 'P1DT', '-P1D'])(
    'refuses %s',
    value => {
      expect(lifetimeSchema.safeParse(value).success).toBe(false);
    },
  );
});

describe('createEnvironmentRequestSchema', () => {
  it('accepts a complete request', () => {
    expect(createEnvironmentRequestSchema.parse(request)).toEqual(request);
  });

  it.each([
    ['an unknown field', { accountId: '123456789012' }, ''],
    ['no model', { models: [] }, 'models'],
    ['a model named twice', { models: ['a', 'a'] }, 'models'],
    ['an unknown service', { services: ['mail'] }, 'services.0'],
    ['an owner that is no entity reference', { owner: 'payments' }, 'owner'],
    ['an unknown tier', { tier: 'gold' }, 'tier'],
    [
      'a description without end',
      { description: 'x'.repeat(501) },
      'description',
    ],
  ])('refuses %s and names the field', (_, change, path) => {
    const result = createEnvironmentRequestSchema.safeParse({
      ...request,
      ...change,
    });
    expect(result.error?.issues.map(i => i.path.join('.'))).toEqual([path]);
  });
});

describe('isTransitional', () => {
  it('tells work that ends by itself from states that stay', () => {
    expect(isTransitional('Provisioning')).toBe(true);
    expect(isTransitional('Deleting')).toBe(true);
    expect(isTransitional('Ready')).toBe(false);
    expect(isTransitional('Degraded')).toBe(false);
    expect(isTransitional('Failed')).toBe(false);
  });
});
