import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';
import { screen, within } from '@testing-library/react';
import { LogsTab } from '../components/Logs/LogsTab';
import { FakeGenaiEnvironmentsApi } from './FakeGenaiEnvironmentsApi';
import { environmentFixture } from './fixtures';
import { renderWithApi } from './renderWithApi';

// Decisions are cached by environment across tests, so each test names its own.
let count = 0;

/** A tab of an environment that has logged. */
export function setupLogs(
  lines: Array<Partial<LogLine> & { message: string }> = [],
) {
  count += 1;
  const name = `logged-${count}`;
  const environment = environmentFixture({ name });
  const api = new FakeGenaiEnvironmentsApi([environment]);
  api.logs.write(...lines);
  const readLogs = jest.spyOn(api, 'readLogs');
  const render = (denied?: string[]) =>
    renderWithApi(<LogsTab environment={environment} events={[]} />, {
      api,
      denied,
    });
  return { name, api, logs: api.logs, readLogs, render };
}

/** The lines, once there are any. */
export const list = () =>
  screen.findByRole('list', { name: 'Lines, oldest first' });
export const shownLines = async () =>
  within(await list())
    .getAllByRole('listitem')
    .map(item => item.textContent);
export const shownCount = () =>
  screen.getByRole('status', { name: 'Lines shown' });

export const LINES = [
  { message: 'Listening', service: 'app' },
  {
    message: 'Bedrock throttled',
    level: 'warn',
    service: 'model-invocation',
    detail: '{"model":"nova","attempt":2}',
  },
  { message: 'at Object.call (main.js:1)', level: undefined },
  { message: 'Gave up', level: 'error', service: 'model-invocation' },
] satisfies Array<Partial<LogLine>>;
