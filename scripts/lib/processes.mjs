import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './root.mjs';

/** A server that does not end by itself within this time is killed. */
const STOP_TIMEOUT_MS = 10_000;

/** A port of the loopback interface that nobody listens on now. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/**
 * Waits until a server that writes its log to `stderr` answers.
 *
 * @param {{ server: import('node:child_process').ChildProcess, name: string, url: string,
 *   timeoutMs: number }} options
 */
export async function untilAnswers({ server, name, url, timeoutMs }) {
  let log = '';
  server.stderr.setEncoding('utf8').on('data', text => {
    log = (log + text).slice(-5000);
  });
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${name} did not start:\n${log}`);
    }
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await delay(100);
  }
}

/** Ends a server; safe when it has ended or never began. */
export async function stop(server, signal = 'SIGTERM') {
  if (server.pid === undefined) return;
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill(signal);
  const kill = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(kill);
}

/** Runs tests with the project's Node, and passes signals on. Answers their exit code. */
export async function runTests({ args, env, cwd = ROOT }) {
  const tests = spawn(process.execPath, args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => tests.kill(signal));
  }
  const [code] = await once(tests, 'exit');
  return code ?? 1;
}

/** For the SDK's clients: an emulator asks for some credentials, never for real ones. */
export const EMULATOR_CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SESSION_TOKEN: '',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Ends the script with what the lane says; what went wrong is told in one line. */
export async function runLane(name, main) {
  process.exitCode = await main().catch(error => {
    console.error(`${name}: ${error.message}`);
    return 1;
  });
}
