import type { ServedModel } from '../ModelCatalog';
import { cacheKey } from './cacheKey';
import { ResponseCache } from './ResponseCache';

const served = { model: { id: 'm' } } as ServedModel;

function setUp() {
  const clock = { time: 0, now: () => clock.time };
  const cache = new ResponseCache({ clock, maxBytes: 1600 });
  const remember = (key: string, bytes = 100, seconds = 10) =>
    cache.remember(key, { answer: key, served }, { bytes, seconds });
  return { clock, cache, remember };
}

describe('ResponseCache', () => {
  it('remembers for as long as was asked', () => {
    const { clock, cache, remember } = setUp();
    remember('a');
    clock.time = 9_999;
    expect(cache.find('a')?.answer).toBe('a');
    clock.time = 10_000;
    expect(cache.find('a')).toBeUndefined();
    expect(cache.size).toEqual({ answers: 0, bytes: 0 });
  });

  it('forgets what was not used for longest when it is full', () => {
    const { cache, remember } = setUp();
    for (let index = 0; index < 16; index++) remember(`k${index}`);
    cache.find('k0');
    remember('new');
    expect(cache.find('k1')).toBeUndefined();
    expect(cache.find('k0')?.answer).toBe('k0');
    expect(cache.size).toEqual({ answers: 16, bytes: 1600 });
  });

  it('counts an answer once that is remembered anew', () => {
    const { cache, remember } = setUp();
    remember('a', 100);
    remember('a', 50);
    expect(cache.size).toEqual({ answers: 1, bytes: 50 });
  });

  it('does not give everything up for one large answer', () => {
    const { cache, remember } = setUp();
    remember('small');
    remember('large', 101);
    expect(cache.size.answers).toBe(1);
  });
});

describe('cacheKey', () => {
  const key = (request: unknown, clientId = 'a', format = 'chat') =>
    cacheKey(clientId, format, request);

  it('is the same for members in another order, at any depth', () => {
    expect(key({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(
      key({ b: [{ d: 3, c: 2 }], a: 1 }),
    );
  });

  it('differs by application, format, values and the order of lists', () => {
    const keys = [
      key({ a: [1, 2] }),
      key({ a: [2, 1] }),
      key({ a: ['1', 2] }),
      key({ a: [1, 2] }, 'b'),
      key({ a: [1, 2] }, 'a', 'text'),
      key(JSON.parse('{"a":[1,2],"__proto__":1}')),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
