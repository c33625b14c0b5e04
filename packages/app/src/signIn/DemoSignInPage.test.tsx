import { configApiRef, discoveryApiRef } from '@backstage/core-plugin-api';
import type { IdentityApi } from '@backstage/core-plugin-api';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DemoSignInPage } from './DemoSignInPage';

const session = {
  profile: {},
  backstageIdentity: {
    token: `x.${btoa('{"exp":4102444800}')}.x`,
    identity: {
      type: 'user',
      userEntityRef: 'user:default/ada',
      ownershipEntityRefs: ['user:default/ada'],
    },
  },
};

const problem = (statusCode: number, message: string) =>
  Response.json(
    { error: { name: 'Error', message }, response: { statusCode } },
    { status: statusCode },
  );

async function renderPage() {
  const onSignInSuccess = jest.fn<void, [IdentityApi]>();
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [discoveryApiRef, mockApis.discovery()],
        [
          configApiRef,
          mockApis.config({
            data: { backend: { baseUrl: 'http://localhost:7007' } },
          }),
        ],
      ]}
    >
      <DemoSignInPage onSignInSuccess={onSignInSuccess} />
    </TestApiProvider>,
  );
  return onSignInSuccess;
}

describe('DemoSignInPage', () => {
  const fetchMock = jest.fn<Promise<Response>, [string, RequestInit]>();

  beforeEach(() => {
    window.localStorage.clear();
    fetchMock.mockReset();
    global.fetch = fetchMock as unknown as typeof fetch;
  });

  afterEach(() => jest.useRealTimers());

  it('offers three people, reachable by keyboard, and signs in as the chosen one', async () => {
    fetchMock.mockResolvedValue(Response.json(session));
    const onSignInSuccess = await renderPage();

    expect(
      screen.getAllByRole('button').map(b => b.getAttribute('aria-label')),
    ).toEqual(['Sign in as Ada', 'Sign in as Grace', 'Sign in as Guest']);
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    await act(async () => {});

    expect(onSignInSuccess).toHaveBeenCalledTimes(1);
    const [url, init] = fetchMock.mock.calls[0];
    expect(url).toContain('/api/auth/demo/refresh');
    expect(new Headers(init.headers).get('x-demo-user')).toBe(
      'user:default/ada',
    );
  });

  it('remembers the choice until one signs out', async () => {
    fetchMock.mockImplementation(async () => Response.json(session));
    window.localStorage.setItem('genai-environments.signed-in-as', 'ada');
    const onSignInSuccess = await renderPage();
    await act(async () => {});

    expect(screen.queryByRole('button')).not.toBeInTheDocument();
    await onSignInSuccess.mock.calls[0][0].signOut();

    await renderPage();
    expect(
      screen.getByRole('button', { name: 'Sign in as Ada' }),
    ).toBeInTheDocument();
  });

  it('waits for a backend that still starts', async () => {
    jest.useFakeTimers();
    window.localStorage.setItem('genai-environments.signed-in-as', 'guest');
    fetchMock
      .mockRejectedValueOnce(new TypeError('Failed to fetch'))
      .mockResolvedValueOnce(problem(503, 'starting'))
      .mockResolvedValueOnce(Response.json(session));
    const onSignInSuccess = await renderPage();
    await act(async () => {});

    expect(screen.getByRole('status')).toHaveTextContent(
      'http://localhost:7007',
    );
    await act(async () => jest.advanceTimersByTime(1000));
    await act(async () => jest.advanceTimersByTime(1000));
    await act(async () => {});

    expect(onSignInSuccess).toHaveBeenCalledTimes(1);
  });

  it('says why it was refused and lets one choose somebody else', async () => {
    window.localStorage.setItem('genai-environments.signed-in-as', 'ada');
    fetchMock.mockResolvedValue(problem(403, 'Only for demonstrations'));
    await renderPage();

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Only for demonstrations',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Choose somebody else' }),
    );

    expect(
      screen.getByRole('button', { name: 'Sign in as Grace' }),
    ).toBeInTheDocument();
  });
});
