import type { FastifySchema, RouteOptions } from 'fastify';
import type { z } from 'zod';
import type { AuthPolicy } from '../auth';

/** What the OpenAPI document needs to know of one route. */
export type CatalogedRoute = {
  service: string;
  method: string;
  /** With Fastify's parameters: `/model/async_output/:id`. */
  url: string;
  auth: AuthPolicy;
  schema: RouteSchema;
};

export type RouteSchema = Omit<
  FastifySchema,
  'body' | 'querystring' | 'params' | 'headers' | 'response'
> & {
  body?: z.ZodType;
  querystring?: z.ZodType;
  params?: z.ZodType;
  headers?: z.ZodType;
  response?: Record<string, z.ZodType>;
};

/** Remembers the routes of each service as they are registered. */
export class RouteCatalog {
  private readonly routes: CatalogedRoute[] = [];

  add(service: string, route: RouteOptions): void {
    if (route.config?.undocumented) return;
    for (const method of [route.method].flat()) {
      this.routes.push({
        service,
        method: method.toLowerCase(),
        url: route.url,
        auth: route.config!.auth!,
        schema: (route.schema ?? {}) as RouteSchema,
      });
    }
  }

  all(): CatalogedRoute[] {
    return this.routes;
  }

  of(service: string): CatalogedRoute[] {
    return this.routes.filter(route => route.service === service);
  }
}
