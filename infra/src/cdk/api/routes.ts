import * as z from 'zod';
import { UNDOCUMENTED_ROUTES } from './undocumentedRoutes';
import { compareRoutes } from './compareRoutes';
import documented from './documentedRoutes.json';

/** Services that stand behind the gateway, by the names of the runtime. */
export const ROUTED_SERVICES = [
  'model-invocation',
  'document-processing',
  'vectorization',
  'prompt-management',
  'administration',
  'app',
] as const;
export type RoutedService = (typeof ROUTED_SERVICES)[number];

const routeSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'ANY']),
  /** `{name}` for a part of the path, `{name+}` for all that is left of it. */
  path: z.string().startsWith('/'),
  service: z.enum(ROUTED_SERVICES),
  /** Any one of them opens it at the gateway; none: the service itself decides. */
  scopes: z.array(z.string()),
  /** Its answer is passed on as it comes, and may take minutes. */
  streams: z.boolean(),
});
export type Route = z.infer<typeof routeSchema>;

/** Every route of an environment, by path and method. */
export const ROUTES: Route[] = z
  .array(routeSchema)
  .parse([...documented, ...UNDOCUMENTED_ROUTES])
  .sort(compareRoutes);
