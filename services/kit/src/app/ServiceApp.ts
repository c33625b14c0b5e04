import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { AuthPolicy, Caller } from '../auth';

/** Lets handlers see the types of their zod schemas. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType
    ? z.output<this['schema']>
    : unknown;
  serializer: this['schema'] extends z.ZodType
    ? z.input<this['schema']>
    : unknown;
}

/** What a service registers its routes on: Fastify with zod schemas. */
export type ServiceApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; there is no default. */
    auth?: AuthPolicy;
    /** Leaves the route out of the OpenAPI document. */
    undocumented?: boolean;
  }

  interface FastifySchema {
    /** One line, imperative: `List the models`. */
    summary?: string;
    description?: string;
    operationId?: string;
    /** Group in the OpenAPI document; default the service's title. */
    tags?: string[];
    /** Media types of the 200 answer beside JSON; without a schema for 200, instead of it. */
    produces?: string[];
    /** Media types of a body that the route reads itself; JSON bodies have a schema. */
    consumes?: string[];
  }

  interface FastifyRequest {
    /** Set on routes with the policy `anyScope`. */
    caller?: Caller;
    /** The JSON body as it was sent; lets gateways pass it on without writing it anew. */
    rawBody?: string;
  }

  interface FastifyInstance {
    /**
     * Aborts when the app starts to close: long-lived streams end themselves then,
     * short work runs to its end.
     */
    closing: AbortSignal;
  }
}
