import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import type { ReactElement } from 'react';
import { Route, Routes } from 'react-router-dom';
import { genaiEnvironmentsApiRef } from '../api';
import { createEnvironmentRouteRef, rootRouteRef } from '../routes';
import type { FakeGenaiEnvironmentsApi } from './FakeGenaiEnvironmentsApi';

/** Renders in a classic test app over the fake API; `denied` permissions are refused. */
export function renderWithApi(
  element: ReactElement,
  options: {
    api: FakeGenaiEnvironmentsApi;
    denied?: string[];
    path?: string;
    route?: string;
    extraApis?: Array<readonly [any, any]>;
  },
) {
  const {
    api,
    denied = [],
    path = '/',
    route = '/*',
    extraApis = [],
  } = options;
  const permissionApi = mockApis.permission({
    authorize: ({ permission }) =>
      denied.includes(permission.name)
        ? AuthorizeResult.DENY
        : AuthorizeResult.ALLOW,
  });
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [genaiEnvironmentsApiRef, api],
        [permissionApiRef, permissionApi],
        ...extraApis,
      ]}
    >
      <Routes>
        <Route path={route} element={element} />
      </Routes>
    </TestApiProvider>,
    {
      routeEntries: [path],
      mountedRoutes: {
        '/genai-environments': rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/create/templates/:namespace/:templateName': createEnvironmentRouteRef,
      },
    },
  );
}
