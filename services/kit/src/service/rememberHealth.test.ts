import { rememberHealth } from './rememberHealth';

it('looks again once what it knows is old', async () => {
  let now = 0;
  const look = jest.fn(async () => ({ status: 'UP' as const }));
  const health = rememberHealth(look, {
    clock: { now: () => now },
    seconds: 3,
  });
  await Promise.all([health(), health()]);
  now = 2999;
  expect(await health()).toEqual({ status: 'UP' });
  expect(look).toHaveBeenCalledTimes(1);
  now = 3000;
  look.mockImplementation(
    async () => ({ status: 'DOWN', reason: 'Gone.' } as never),
  );
  expect(await health()).toEqual({ status: 'DOWN', reason: 'Gone.' });
});
