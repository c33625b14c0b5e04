import { NEXT_CURSOR, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { AdminApplication } from '../ports/ApplicationAdmin';
import type { RouteDependencies } from './dependencies';
import { clientId, listQuerySchema } from './schemas';

const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max)
    .regex(/^[^\p{Cc}]+$/u, 'must not hold control characters');

const createRequestSchema = z
  .object({ app_name: text(63), description: text(1000) })
  .meta({ id: 'CreateAppClientRequest' });

const createAnswerSchema = z
  .object({
    app_id: z.string(),
    client_id: z.string(),
    client_secret: z
      .string()
      .optional()
      .describe('Shown this once. Absent when a secret store keeps it.'),
    client_secret_arn: z
      .string()
      .describe('Name in the secret store; empty where there is none.'),
    status: z.literal('active'),
  })
  .meta({ id: 'CreateAppClientAnswer' });

const applicationSchema = z
  .object({
    app_id: z.string(),
    client_id: z.string(),
    app_name: z.string(),
    description: z.string(),
    status: z.enum(['active', 'inactive']),
    date_created: z.string().describe('`YYYY-MM-DD HH:MM:SS`, UTC.'),
    managed_by: z.enum(['portal', 'administration']),
    secret_arn: z.string(),
    app_user_pool_id: z.string(),
    platform_domain: z.string(),
  })
  .meta({ id: 'AppClient' });

const appIdRequestSchema = z
  .object({ app_id: clientId })
  .meta({ id: 'AppIdRequest' });

const messageSchema = z
  .object({ message: z.string() })
  .meta({ id: 'AdminMessage' });

/** The applications of the environment: list, create, activate, deactivate. */
export function addApplicationRoutes(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  addListRoute(app, dependencies);
  addCreateRoute(app, dependencies);
  addSwitchRoute(app, dependencies, true);
  addSwitchRoute(app, dependencies, false);
}

function addListRoute(
  app: ServiceApp,
  { administration, platform, auth }: RouteDependencies,
): void {
  app.get(
    '/admin/platform/get_all_app_clients',
    {
      config: { auth },
      schema: {
        summary: 'List the applications',
        querystring: listQuerySchema,
        response: { 200: z.array(applicationSchema) },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query;
      const { items, next } = await administration.listApplications({
        limit,
        after: cursor,
      });
      if (next !== undefined) reply.header(NEXT_CURSOR, next);
      const { domain, userPoolId = '' } = platform.connection();
      return items.map(item => ({
        ...toAnswer(item),
        app_user_pool_id: userPoolId,
        platform_domain: domain,
      }));
    },
  );
}

function addCreateRoute(
  app: ServiceApp,
  { administration, auth }: RouteDependencies,
): void {
  app.post(
    '/admin/platform/create_app_client',
    {
      config: { auth },
      schema: {
        summary: 'Register an application',
        body: createRequestSchema,
        response: { 200: createAnswerSchema },
      },
    },
    async (request, reply) => {
      const { app_name: name, description } = request.body;
      const { application, secret } = await administration.createApplication({
        name,
        description,
      });
      request.log.info(
        { clientId: application.clientId },
        'An application was registered',
      );
      reply.header('cache-control', 'no-store');
      return {
        app_id: application.clientId,
        client_id: application.clientId,
        ...(secret === undefined ? {} : { client_secret: secret }),
        client_secret_arn: application.secretArn ?? '',
        status: 'active' as const,
      };
    },
  );
}

function addSwitchRoute(
  app: ServiceApp,
  { administration, auth }: RouteDependencies,
  active: boolean,
): void {
  const verb = active ? 'activate' : 'deactivate';
  app.post(
    `/admin/platform/${verb}_app_client`,
    {
      config: { auth },
      schema: {
        summary: active
          ? 'Let an application in again'
          : 'Shut an application out, tokens issued before included',
        body: appIdRequestSchema,
        response: { 200: messageSchema },
      },
    },
    async request => {
      const { name, clientId: id } = await administration.setActive(
        request.body.app_id,
        active,
      );
      request.log.info({ clientId: id, active }, 'An application was switched');
      return { message: `Application ${name} (${id}) was ${verb}d.` };
    },
  );
}

function toAnswer(application: AdminApplication) {
  const { clientId: id, name, description, active } = application;
  const { createdAt, managedBy, secretArn = '' } = application;
  return {
    app_id: id,
    client_id: id,
    app_name: name,
    description,
    status: active ? ('active' as const) : ('inactive' as const),
    date_created: createdAt === undefined ? '' : toDateTime(createdAt),
    managed_by: managedBy,
    secret_arn: secretArn,
  };
}

function toDateTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
