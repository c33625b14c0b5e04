import * as z from 'zod';
import type { ServiceApp } from '../app/ServiceApp';
import type { OpenApiDocument } from '../openapi/createOpenApiDocument';
import type { ServiceDefinition, ServiceHealth } from './ServiceDefinition';

const healthSchema = z
  .object({ status: z.enum(['UP', 'DOWN']), reason: z.string().optional() })
  .meta({ id: 'ServiceHealth' });

/** Asks a service or worker how it is; a check that throws means `DOWN`. */
export async function checkHealth(
  service: Pick<ServiceDefinition, 'health'>,
): Promise<ServiceHealth> {
  try {
    return await service.health();
  } catch {
    return { status: 'DOWN', reason: 'The health check failed. See the log.' };
  }
}

/** Adds `GET <prefix>/service/health` and `/meta`, open to everybody. */
export function addServiceRoutes(
  app: ServiceApp,
  options: { service: ServiceDefinition; describe: () => OpenApiDocument },
): void {
  const { service, describe } = options;

  app.get(
    `${service.prefix}/service/health`,
    {
      config: { auth: 'public' },
      schema: {
        summary: `Say whether ${service.name} can do its work`,
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (request, reply) => {
      try {
        const health = await service.health();
        return reply.code(health.status === 'UP' ? 200 : 503).send(health);
      } catch (error) {
        request.log.error(
          { err: error },
          `Health check of ${service.name} failed`,
        );
        return reply.code(503).send({
          status: 'DOWN',
          reason: 'The health check failed. See the log.',
        });
      }
    },
  );

  let document: OpenApiDocument | undefined;
  app.get(
    `${service.prefix}/service/meta`,
    {
      config: { auth: 'public' },
      schema: {
        summary: `Answer the OpenAPI document of ${service.name}`,
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async () => {
      document ??= describe();
      return document;
    },
  );
}
