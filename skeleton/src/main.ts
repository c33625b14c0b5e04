import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { createChatClient } from './genai/chatClient.ts';
import { createTokenClient } from './genai/tokenClient.ts';
import { HttpError } from './http/errors.ts';
import { loadStaticFiles } from './http/staticFiles.ts';
import { createLogger } from './logger.ts';
import { startServer } from './server.ts';

/** Exit codes of sysexits.h: EX_CONFIG and EX_TEMPFAIL. */
const EXIT_CONFIG = 78;
const EXIT_PORT_TAKEN = 75;
const logger = createLogger();

async function main(config: Config): Promise<void> {
  const stop = new AbortController();
  const tokens = createTokenClient(config);
  const chat = createChatClient({ ...config, model: config.textModel, tokens });
  const server = await startServer({
    host: config.host,
    port: config.port,
    listener: createApp({
      config,
      tokens,
      chat,
      files: loadStaticFiles(
        fileURLToPath(new URL('../public', import.meta.url)),
      ),
      logger,
      stop: stop.signal,
    }),
  });
  logger.info('listening', { host: config.host, port: server.port });

  let stopping = false;
  const shutDown = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info('stopping', { signal });
    await server.close({
      graceMs: config.shutdownGraceMs,
      giveUp: () =>
        stop.abort(
          new HttpError(503, 'The app is being stopped. Send it again later.'),
        ),
    });
    logger.info('stopped');
    process.exit(0);
  };
  process.once('SIGTERM', shutDown);
  process.once('SIGINT', shutDown);
}

try {
  await main(readConfig(process.env));
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`The app cannot start. ${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    process.stderr.write(
      'The app cannot start. Another process listens on PORT: choose another one.\n',
    );
    process.exit(EXIT_PORT_TAKEN);
  }
  throw error;
}
