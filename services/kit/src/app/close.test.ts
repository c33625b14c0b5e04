import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createLogger, ServiceApp, ServiceDefinition } from '..';
import { createTestAuth } from '../testing';
import { App, buildApp } from './buildApp';

function service(
  overrides: Partial<ServiceDefinition> & {
    routes: (app: ServiceApp) => void;
  },
): ServiceDefinition {
  return {
    name: 'echo',
    title: 'Echo',
    description: 'Answers.',
    prefix: '/echo',
    health: () => ({ status: 'UP' }),
    close: () => {},
    ...overrides,
  };
}

async function build(services: ServiceDefinition[]): Promise<App> {
  return buildApp({
    services,
    auth: await createTestAuth(),
    logger: createLogger({ level: 'silent' }),
    info: { title: 'Test', version: '1' },
    drainTimeoutMs: 200,
  });
}

describe('App.close', () => {
  it('lets a request in flight end, ends streams and closes services', async () => {
    const close = jest.fn();
    let finish = () => {};
    let enter = () => {};
    const entered = new Promise<void>(resolve => {
      enter = resolve;
    });
    const app = await build([
      service({
        close,
        routes(scope) {
          scope.get('/echo/slow', { config: { auth: 'public' } }, async () => {
            enter();
            await new Promise<void>(resolve => {
              finish = resolve;
            });
            return { done: true };
          });
          scope.get(
            '/echo/events',
            { config: { auth: 'public' } },
            (_request, reply) => {
              reply.hijack();
              reply.raw.writeHead(200).write(': hello\n\n');
              scope.closing.addEventListener('abort', () => reply.raw.end());
            },
          );
        },
      }),
    ]);
    const { port } = await app.listen({ host: '127.0.0.1', port: 0 });
    const events = await open(port, '/echo/events');
    const streamEnded = once(events, 'end');
    const slow = open(port, '/echo/slow');
    await entered;
    const closed = app.close();
    await streamEnded;
    expect(close).not.toHaveBeenCalled();
    finish();
    expect((await slow).statusCode).toBe(200);
    await closed;
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('cuts what does not end in time', async () => {
    const app = await build([
      service({
        routes(scope) {
          scope.get(
            '/echo/forever',
            { config: { auth: 'public' } },
            (_request, reply) => {
              reply.hijack();
              reply.raw.writeHead(200).write(': hello\n\n');
            },
          );
        },
      }),
    ]);
    const { port } = await app.listen({ host: '127.0.0.1', port: 0 });
    const response = await open(port, '/echo/forever');
    const cut = once(response, 'error');
    await app.close();
    expect((await cut)[0].code).toBe('ECONNRESET');
  });
});

/** Resolves with the response once its head is there, flowing. */
async function open(port: number, path: string) {
  const request = httpRequest({ host: '127.0.0.1', port, path, agent: false });
  request.end();
  const [response] = await once(request, 'response');
  response.resume();
  return response;
}
