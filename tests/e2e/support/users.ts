/** The demo's people, as they sign in without a browser. */
export const ADA = {
  ref: 'user:default/ada',
  provider: 'demo',
  group: 'group:default/payments',
};
export const GRACE = {
  ref: 'user:default/grace',
  provider: 'demo',
  group: 'group:default/platform',
};
export const GUEST = {
  ref: 'user:default/guest',
  provider: 'guest',
  group: 'group:default/guests',
};

export type User = { ref: string; provider: string; group: string };
