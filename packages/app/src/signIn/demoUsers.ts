/** Somebody one can sign in as. */
export type DemoUser = {
  id: 'ada' | 'grace' | 'guest';
  title: string;
  team: string;
  description: string;
  /** Auth provider of the backend and what it wants to be told. */
  provider: string;
  headers?: Record<string, string>;
};

export const DEMO_USERS: DemoUser[] = [
  {
    id: 'ada',
    title: 'Ada',
    team: 'Payments',
    description:
      'A developer in a project team. Creates environments, sees their credentials and tears them down.',
    provider: 'demo',
    headers: { 'x-demo-user': 'user:default/ada' },
  },
  {
    id: 'grace',
    title: 'Grace',
    team: 'Platform',
    description:
      'Runs the platform. Sees the environments of every team and can change or remove them, but not read their secrets.',
    provider: 'demo',
    headers: { 'x-demo-user': 'user:default/grace' },
  },
  {
    id: 'guest',
    title: 'Guest',
    team: 'Guests',
    description:
      'Somebody who looks around. Sees what other teams run, and no secrets.',
    provider: 'guest',
  },
];
