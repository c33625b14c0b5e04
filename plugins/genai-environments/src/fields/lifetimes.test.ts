import { lifetimeChoices, lifetimeLabel } from './lifetimes';

describe('lifetimeChoices', () => {
  it('never goes beyond the longest', () => {
    expect(
      lifetimeChoices({ defaultLifetime: 'P1D', maxLifetime: 'P14D' }),
    ).toEqual(['PT8H', 'P1D', 'P7D', 'P14D']);
  });

  it('offers default and longest even when they are unusual', () => {
    expect(
      lifetimeChoices({ defaultLifetime: 'PT4H', maxLifetime: 'P2D' }),
    ).toEqual(['PT4H', 'PT8H', 'P1D', 'P2D']);
  });
});

it.each([
  ['PT8H', '8 hours'],
  ['P1D', '1 day'],
  ['PT24H', '1 day'],
  ['P1DT12H', '1 day 12 hours'],
])('calls %s %s', (lifetime, label) => {
  expect(lifetimeLabel(lifetime)).toBe(label);
});
