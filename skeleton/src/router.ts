import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from './logger.ts';

export type RequestContext = {
  request: IncomingMessage;
  response: ServerResponse;
  logger: Logger;
  /** Aborts when the app stops; its reason is an error with a sentence for the caller. */
  stop: AbortSignal;
};

export type Handler = (context: RequestContext) => Promise<void>;

/** Handlers by address below the base path, then by method. */
export type Routes = Record<string, Partial<Record<'GET' | 'POST', Handler>>>;

/** Finds what answers `method` at `address`, or which methods would be answered. */
export function findRoute(
  routes: Routes,
  method: string,
  address: string,
): { handler: Handler } | { allowed: string[] } | undefined {
  if (!Object.hasOwn(routes, address)) return undefined;
  const methods = routes[address] ?? {};
  const handler = methods[(method === 'HEAD' ? 'GET' : method) as 'GET'];
  if (handler) return { handler };
  return {
    allowed: Object.keys(methods).flatMap(name =>
      name === 'GET' ? ['GET', 'HEAD'] : [name],
    ),
  };
}
