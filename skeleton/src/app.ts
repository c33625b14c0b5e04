import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from './config.ts';
import type { ChatClient } from './genai/chatClient.ts';
import type { TokenClient } from './genai/tokenClient.ts';
import { HttpError } from './http/errors.ts';
import { reasonOf } from './http/eventStream.ts';
import { sendJson } from './http/json.ts';
import { toProblem } from './http/problem.ts';
import { securityHeaders } from './http/securityHeaders.ts';
import { sendStaticFile } from './http/staticFiles.ts';
import type { StaticFiles } from './http/staticFiles.ts';
import type { Logger } from './logger.ts';
import { findRoute } from './router.ts';
import type { RequestContext, Routes } from './router.ts';
import { chatRoute } from './routes/chat.ts';
import { healthRoute } from './routes/health.ts';
import { infoRoute } from './routes/info.ts';
import { summaryRoute } from './routes/summary.ts';

/** The app's request listener: routes, security headers, error answers, access log. */
export function createApp(options: {
  config: Config;
  tokens: TokenClient;
  chat: ChatClient;
  files: StaticFiles;
  logger: Logger;
  stop: AbortSignal;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { config, tokens, chat, files, logger, stop } = options;
  const { basePath } = config;
  const routes: Routes = {
    health: { GET: healthRoute(tokens) },
    'api/info': { GET: infoRoute(config) },
    'api/chat': { POST: chatRoute(chat) },
    'api/summary': { POST: summaryRoute(chat) },
  };
  for (const [address, file] of files) {
    routes[address] = {
      GET: async ({ request, response }) =>
        sendStaticFile(file, request, response),
    };
  }

  const answer = async (path: string, context: RequestContext) => {
    const { request, response } = context;
    if (path === basePath && basePath !== '') {
      response.writeHead(308, { Location: `${basePath}/` }).end();
      return;
    }
    const address = path.startsWith(`${basePath}/`)
      ? path.slice(basePath.length + 1)
      : undefined;
    const route =
      address === undefined
        ? undefined
        : findRoute(routes, request.method ?? 'GET', address);
    if (!route) {
      throw new HttpError(404, `Nothing is here. Try ${basePath}/ instead.`);
    }
    if (!('handler' in route)) {
      const allowed = route.allowed.join(', ');
      throw new HttpError(405, `This address answers ${allowed} only.`, {
        headers: { Allow: allowed },
      });
    }
    await route.handler(context);
  };

  return async (request, response) => {
    const startedAt = performance.now();
    const path = request.url?.split('?')[0] ?? '/';
    for (const [name, value] of Object.entries(securityHeaders)) {
      response.setHeader(name, value);
    }
    response.once('close', () => {
      // Health is asked every few seconds: only a change of it is worth a line.
      if (path.endsWith('/health') && response.statusCode === 200) return;
      logger.info('request', {
        method: request.method,
        path,
        status: response.statusCode,
        completed: response.writableFinished,
        durationMs: Math.round(performance.now() - startedAt),
      });
    });
    try {
      await answer(path, { request, response, logger, stop });
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) {
        logger.error('request failed', { path, reason: reasonOf(error) });
      }
      if (response.headersSent) {
        response.destroy();
        return;
      }
      // Takes in what is still being sent, so that the caller gets to read the answer.
      request.resume();
      sendJson(response, problem.status, problem.body, {
        ...problem.headers,
        'Content-Type': 'application/problem+json; charset=utf-8',
      });
    }
  };
}
