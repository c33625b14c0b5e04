/**
 * A project's app in miniature. It tells what it was started with, echoes, streams,
 * and ends when asked to.
 */
export const TEST_APP = `
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const { HOST, PORT, GENAI_CLIENT_SECRET } = process.env;
console.log('my secret is ' + GENAI_CLIENT_SECRET);
let aborted = 0;
let open = 0;
let broken = false;

createServer(async (request, response) => {
  open += 1;
  response.on('close', () => { open -= 1; });
  const { pathname } = new URL(request.url, 'http://app');
  const json = value => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  switch (pathname) {
    case '/app/health':
      return json({ status: broken ? 'DOWN' : 'UP' });
    case '/app/break':
      broken = true;
      return json({});
    case '/app/environment':
      return json({ pid: process.pid, argv: process.argv, env: process.env });
    case '/app/aborted':
      return json({ aborted, open });
    case '/app/exit':
      return process.exit(3);
    case '/app/echo': {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.setHeader('x-internal', 'yes');
      response.setHeader('connection', 'close, x-internal');
      return json({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('base64'),
      });
    }
    case '/app/events': {
      response.on('close', () => { if (!response.writableFinished) aborted += 1; });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      // Each event waits for the caller, so that buffering would be noticed.
      for await (const line of request) response.write('data: ' + line + '\\n\\n');
      return response.end();
    }
    case '/app/silent':
      return response.on('close', () => { aborted += 1; });
    case '/app/forever':
      response.on('close', () => { aborted += 1; });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.write('data: begun\\n\\n');
    default:
      response.statusCode = 404;
      return response.end('not here');
  }
}).listen(Number(PORT), HOST);
`;
