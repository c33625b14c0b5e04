import { fileURLToPath } from 'node:url';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { createChatClient } from '../genai/chatClient.ts';
import { createTokenClient } from '../genai/tokenClient.ts';
import { HttpError } from '../http/errors.ts';
import { loadStaticFiles } from '../http/staticFiles.ts';
import { createLogger } from '../logger.ts';
import { startServer } from '../server.ts';
import { FakeEnvironment } from './fakeEnvironment.ts';

/** The real app, in this process, in front of a fake environment. */
export type AppUnderTest = {
  environment: FakeEnvironment;
  /** Address of the page, with the slash at its end. */
  url: string;
  /** Everything the app logged. */
  log: () => string;
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  /** Stops the app as SIGTERM does. */
  close(graceMs?: number): Promise<void>;
  stop(): Promise<void>;
};

export async function startApp(
  variables: Record<string, string> = {},
): Promise<AppUnderTest> {
  const environment = await FakeEnvironment.start();
  const config = readConfig({ ...environment.variables, ...variables });
  const lines: string[] = [];
  const stop = new AbortController();
  const tokens = createTokenClient(config);
  const server = await startServer({
    ...config,
    listener: createApp({
      config,
      tokens,
      chat: createChatClient({ ...config, model: config.textModel, tokens }),
      files: loadStaticFiles(
        fileURLToPath(new URL('../../public', import.meta.url)),
      ),
      logger: createLogger({ write: line => lines.push(line) }),
      stop: stop.signal,
    }),
  });
  const url = `http://127.0.0.1:${server.port}${config.basePath}/`;
  const close = (graceMs = 0) =>
    server.close({
      graceMs,
      giveUp: () => stop.abort(new HttpError(503, 'The app is being stopped.')),
    });
  return {
    environment,
    url,
    log: () => lines.join(''),
    post: (path, body, init = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        ...init,
      }),
    close,
    stop: async () => {
      await close();
      await environment.stop();
    },
  };
}

/** Parses an answer of the app into `[type, data]` pairs. */
export function parseEvents(
  text: string,
): Array<[string, Record<string, unknown>]> {
  return text
    .split('\n\n')
    .filter(Boolean)
    .map(block => {
      const [, type = '', data = ''] =
        /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      return [type, JSON.parse(data) as Record<string, unknown>];
    });
}
