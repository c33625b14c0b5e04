import type { ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { RouteDependencies } from './dependencies';

const healthSchema = z
  .array(
    z.object({
      service_name: z.string(),
      status: z.enum(['healthy', 'unhealthy']),
      reason: z
        .string()
        .optional()
        .describe('What is missing, when it is unhealthy.'),
    }),
  )
  .meta({ id: 'PlatformHealth' });

/** `GET /admin/platform/services/health` and `/admin/platform/openapi.json`. */
export function addPlatformRoutes(
  app: ServiceApp,
  { platform, auth }: RouteDependencies,
): void {
  app.get(
    '/admin/platform/services/health',
    {
      config: { auth },
      schema: {
        summary: 'Say how every service of the environment is',
        response: { 200: healthSchema },
      },
    },
    async () =>
      Object.entries(await platform.health()).map(([name, health]) =>
        health.status === 'UP'
          ? { service_name: name, status: 'healthy' as const }
          : {
              service_name: name,
              status: 'unhealthy' as const,
              reason: health.reason,
            },
      ),
  );

  app.get(
    '/admin/platform/openapi.json',
    {
      config: { auth },
      schema: {
        summary: 'Answer the OpenAPI document over all services',
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async () => (await platform.openApi()) as Record<string, unknown>,
  );
}
