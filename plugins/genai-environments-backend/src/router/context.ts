import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type { Request } from 'express';
import type { Caller } from '../service/Caller';
import type { EnvironmentService } from '../service/EnvironmentService';

/** What every route group is given. */
export type RouteContext = {
  service: EnvironmentService;
  /** @throws AuthenticationError when the request carries no credentials. */
  callerOf(request: Request): Promise<Caller>;
};

export function createRouteContext(options: {
  service: EnvironmentService;
  httpAuth: HttpAuthService;
}): RouteContext {
  return {
    service: options.service,
    callerOf: async request => ({
      credentials: await options.httpAuth.credentials(request, {
        allow: ['user', 'service'],
      }),
      request,
    }),
  };
}
