import { apiRevision } from './apiRevision';

describe('the revision of an API', () => {
  const BOTH = '10.0.0.0/8,192.0.2.0/24';
  const served = (ApiRevision: string) => ({
    parameters: { ApiRevision, AppAllowedCidrs: BOTH, VpcLinkId: 'link' },
  });
  const next = (
    base: { parameters: Record<string, string> } | undefined,
    AppAllowedCidrs: string,
    more: Record<string, string | undefined> = {},
  ) =>
    apiRevision(base, {
      parameter: 'ApiRevision',
      wanted: { AppAllowedCidrs, VpcLinkId: 'link', ...more },
    });

  it('is up to the template while there is no API', () => {
    expect(next(undefined, BOTH)).toBeUndefined();
    expect(next({ parameters: {} }, BOTH)).toBeUndefined();
  });

  it.each(['a', 'b'])('stays %s while the API is made of the same', now => {
    expect(next(served(now), BOTH)).toBe(now);
    expect(next(served(now), ' 10.0.0.0/8, 192.0.2.0/24')).toBe(now);
  });

  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('goes from %s to %s with a change', (now, then) => {
    expect(next(served(now), '10.0.0.0/8')).toBe(then);
    expect(next(served(now), `${BOTH},198.51.100.0/24`)).toBe(then);
    expect(next(served(now), BOTH, { VpcLinkId: 'other' })).toBe(then);
    expect(next(served(now), BOTH, { VpcId: 'vpc' })).toBe(then);
  });
});
