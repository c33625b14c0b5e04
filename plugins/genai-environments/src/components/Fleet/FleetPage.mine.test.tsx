import { identityApiRef } from '@backstage/core-plugin-api';
import { mockApis } from '@backstage/test-utils';
import { screen, within } from '@testing-library/react';
import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { renderWithApi } from '../../__testUtils__/renderWithApi';
import { FleetPage } from './FleetPage';

// In a file of its own: permission decisions are cached for the life of a module.
it('shows everybody else their own first, and no button they may not use', async () => {
  const api = new FakeGenaiEnvironmentsApi([
    environmentFixture({ name: 'invoice-bot' }),
    environmentFixture({ name: 'search', owner: 'group:default/web' }),
  ]);
  await renderWithApi(<FleetPage />, {
    api,
    denied: ['genai.fleet.read', 'genai.environment.create'],
    extraApis: [
      [
        identityApiRef,
        mockApis.identity({ ownershipEntityRefs: ['group:default/web'] }),
      ],
    ],
  });
  const link = await screen.findByRole('link', { name: 'search' });
  const table = screen.getByRole('table', { name: 'GenAI environments' });
  expect(link).toBeInTheDocument();
  expect(within(table).getAllByRole('row')).toHaveLength(2);
  expect(screen.getByRole('button', { name: 'Mine' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  expect(
    screen.queryByRole('button', { name: 'Create Environment' }),
  ).toBeNull();
});
