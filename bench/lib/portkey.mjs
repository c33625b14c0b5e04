import { fileURLToPath } from 'node:url';
import {
  freePort,
  SERVER_CORE,
  startNode,
  untilListening,
} from './process.mjs';

const inBench = path => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Starts Portkey's gateway on the core for servers. */
export async function startPortkey() {
  const port = await freePort();
  const server = startNode({
    core: SERVER_CORE,
    args: [
      inBench('node_modules/@portkey-ai/gateway/build/start-server.js'),
      `--port=${port}`,
      '--headless',
    ],
    cwd: inBench('.'),
    env: { NODE_ENV: 'production' },
  });
  await untilListening(port, server);
  return { port, pid: server.pid, stop: () => server.stop() };
}
