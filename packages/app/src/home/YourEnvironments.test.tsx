import { identityApiRef } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import {
  GenaiEnvironmentsApi,
  genaiEnvironmentsApiRef,
} from '@genai-environments/backstage-plugin-genai-environments';
import type {
  Environment,
  EnvironmentList,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { act, screen, within } from '@testing-library/react';
import { YourEnvironments } from './YourEnvironments';

const environment = (name: string, phase: Phase, createdAt: string) =>
  ({
    uid: `uid-${name}`,
    name,
    owner: 'group:default/payments',
    createdAt,
    spec: { tier: 'sandbox', provisioner: 'local' },
    status: { phase },
  } as Environment);

type ListEnvironments = GenaiEnvironmentsApi['listEnvironments'];

async function renderList(listEnvironments: ListEnvironments) {
  let signal: (message: { name: string }) => void = () => {};
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [genaiEnvironmentsApiRef, { listEnvironments } as GenaiEnvironmentsApi],
        [
          identityApiRef,
          mockApis.identity({
            userEntityRef: 'user:default/ada',
            ownershipEntityRefs: ['user:default/ada', 'group:default/payments'],
          }),
        ],
        [
          signalApiRef,
          {
            subscribe: (_channel, onMessage) => {
              signal = onMessage as unknown as typeof signal;
              return { unsubscribe: () => {} };
            },
          },
        ],
      ]}
    >
      <YourEnvironments />
    </TestApiProvider>,
  );
  return { signal: () => act(async () => signal({ name: 'any' })) };
}

describe('YourEnvironments', () => {
  it('asks for what the user and their groups own and lists it, newest first', async () => {
    const byOwner: Record<string, Environment[]> = {
      'user:default/ada': [environment('mine', 'Ready', '2026-01-02')],
      'group:default/payments': [environment('ours', 'Degraded', '2026-01-03')],
    };
    await renderList(async ({ owner } = {}) => ({ items: byOwner[owner!] }));

    const items = await screen.findAllByRole('listitem');
    expect(items).toHaveLength(2);
    expect(items[0]).toHaveTextContent('Degraded');
    expect(
      within(items[1]).getByRole('link', { name: 'mine' }),
    ).toHaveAttribute('href', '/catalog/default/resource/mine');
    expect(items[1]).toHaveTextContent('Ready');
  });

  it('says what to do when there is none', async () => {
    await renderList(async () => ({ items: [] }));

    expect(await screen.findByText(/You have none yet/)).toBeInTheDocument();
  });

  it('reads again when a signal arrives', async () => {
    let phase: Phase = 'Provisioning';
    const { signal } = await renderList(async ({ owner } = {}) => ({
      items: owner!.startsWith('user')
        ? [environment('mine', phase, '2026-01-02')]
        : [],
    }));
    expect(await screen.findByText('Provisioning')).toBeInTheDocument();

    phase = 'Ready';
    await signal();

    expect(await screen.findByText('Ready')).toBeInTheDocument();
  });

  it('says what went wrong, and keeps the list when only a refresh fails', async () => {
    let answer: () => Promise<EnvironmentList> = async () => {
      throw new Error('The portal sleeps');
    };
    const { signal } = await renderList(() => answer());
    expect(await screen.findByText(/The portal sleeps/)).toBeInTheDocument();

    answer = async () => ({
      items: [environment('mine', 'Ready', '2026-01-02')],
    });
    await signal();
    expect((await screen.findAllByText('mine')).length).toBeGreaterThan(0);

    answer = async () => {
      throw new Error('The portal sleeps');
    };
    await signal();
    expect(screen.getAllByText('mine').length).toBeGreaterThan(0);
    expect(screen.queryByText(/The portal sleeps/)).not.toBeInTheDocument();
  });
});
