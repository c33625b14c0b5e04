import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  CreateEnvironmentRequest,
  Environment,
  EnvironmentEvent,
  Phase,
  Plan,
} from '@genai-environments/backstage-plugin-genai-environments-common';

type Record = {
  environment: Environment;
  events: EnvironmentEvent[];
  request: CreateEnvironmentRequest;
};
type Call = { method: string; path: string; token?: string; body?: unknown };

const AT = '2026-03-01T08:00:00.000Z';

const LOCAL = {
  id: 'local',
  title: 'This machine',
  description: '',
  tiers: ['sandbox'],
  regions: ['local'],
  services: ['model-invocation'],
  isDefault: true,
};

const APPLICATIONS = [
  { id: 'app-1', kind: 'project-app', clientId: 'orders-project-app' },
  { id: 'app-2', kind: 'external', clientId: 'orders-default' },
];

/**
 * Stands in for the backend plugin, over HTTP on a free loopback port: admission by
 * name and request id, teardown, and the event stream. Phases change when a test says
 * so, or at once with `autoReady` and `autoDelete`.
 */
export class FakeEnvironmentsBackend {
  readonly calls: Call[] = [];
  readonly records = new Map<string, Record>();
  autoReady = true;
  autoDelete = true;
  plan: Plan = {
    problems: [],
    resources: [
      { type: 'process', name: 'runtime', description: 'All services' },
    ],
    monthlyCost: { amount: 0, currency: 'USD', note: 'Runs on this machine.' },
    expiresAt: '2026-03-08T08:00:00.000Z',
  };
  /** Answers of the next calls, in order, instead of the normal ones. */
  readonly refusals: Array<{ on: string; status: number; message: string }> =
    [];
  private server?: Server;
  private port = 0;
  private created = 0;
  private readonly streams = new Map<ServerResponse, string>();
  private readonly watchers = new Set<() => void>();

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/api/genai-environments`;
  }

  /** Listens, again on the same port after a {@link stop}. */
  async start(): Promise<void> {
    this.server = createServer((req, res) => this.handle(req, res));
    await new Promise<void>(resolve => {
      this.server!.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Ends like a process that is killed: connections break, records stay. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    this.streams.clear();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }

  environment(name: string): Environment | undefined {
    return this.records.get(name)?.environment;
  }

  /** Puts an environment into a phase and tells everybody who follows it. */
  advance(
    name: string,
    phase: Phase,
    message = `Environment ${name} is now ${phase}.`,
    status: Partial<Environment['status']> = {},
  ) {
    const record = this.records.get(name)!;
    const { environment, events } = record;
    const outputs =
      phase === 'Ready'
        ? {
            endpoint: 'http://127.0.0.1:40001',
            tokenUrl: 'http://127.0.0.1:40001/oauth2/token',
            appUrl: 'http://127.0.0.1:40001/app/',
          }
        : environment.status.outputs;
    Object.assign(environment.status, { phase, outputs, ...status });
    if (phase === 'Ready') {
      environment.status.observedGeneration = environment.generation;
    }
    events.push({
      sequence: events.length + 1,
      at: AT,
      type: phase === 'Failed' ? 'Warning' : 'Normal',
      reason: phase,
      message,
      phase,
    });
    for (const [stream, uid] of this.streams) {
      if (uid === environment.uid) writeEvent(stream, events.at(-1)!);
    }
    this.notify();
  }

  /** Resolves once `condition` holds; looked at after each call and change. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>(resolve => {
      const check = () => {
        if (!condition()) return;
        this.watchers.delete(check);
        resolve();
      };
      this.watchers.add(check);
    });
  }

  untilCalled(method: string, path: string, times = 1): Promise<void> {
    return this.until(() => this.countCalls(method, path) >= times);
  }

  countCalls(method: string, path: string): number {
    return this.calls.filter(c => c.method === method && c.path === path)
      .length;
  }

  private notify() {
    for (const watcher of [...this.watchers]) watcher();
  }

  private async handle(req: IncomingMessage, res: ServerResponse) {
    const url = new URL(req.url ?? '/', 'http://fake');
    const path = url.pathname.replace('/api/genai-environments/v1', '');
    let text = '';
    for await (const chunk of req) text += chunk;
    const call: Call = {
      ...{ method: req.method ?? '', path },
      token: req.headers.authorization?.replace('Bearer ', ''),
      body: text ? JSON.parse(text) : undefined,
    };
    this.calls.push(call);
    const key = `${call.method} ${path}`;
    const refusal = this.refusals[0];
    if (refusal?.on === key) {
      this.refusals.shift();
      refuse(res, refusal.status, refusal.message);
    } else if (path.endsWith('/events')) {
      this.stream(
        path.split('/')[2],
        Number(url.searchParams.get('after')),
        res,
      );
    } else {
      this.answer(call, res);
    }
    this.notify();
  }

  private answer({ method, path, body }: Call, res: ServerResponse) {
    const [, collection, name, what] = path.split('/');
    const record = name ? this.records.get(name) : undefined;
    if (path === '/plan') json(res, 200, this.plan);
    else if (path === '/provisioners') json(res, 200, { items: [LOCAL] });
    else if (collection !== 'environments') refuse(res, 404, 'No such route.');
    else if (method === 'POST' && !name) {
      this.create(body as CreateEnvironmentRequest, res);
    } else if (!record) {
      refuse(res, 404, `There is no environment named "${name}".`);
    } else if (what === 'applications') {
      json(res, 200, { items: APPLICATIONS });
    } else if (method === 'DELETE') {
      json(res, 202, this.delete(name));
    } else {
      json(res, 200, record.environment);
    }
  }

  private create(request: CreateEnvironmentRequest, res: ServerResponse) {
    const { name, owner, requestId, expiresAfter: _, ...spec } = request;
    const held = this.records.get(name);
    if (held && held.environment.status.phase !== 'Deleted') {
      const isRepeat =
        held.request.requestId === requestId &&
        !held.environment.deletionRequestedAt;
      if (isRepeat) json(res, 200, held.environment);
      else
        refuse(res, 409, `The name "${name}" is taken. Choose another name.`);
      return;
    }
    this.created += 1;
    const environment: Environment = {
      uid: `uid-${this.created}`,
      ...{ name, owner, spec },
      createdBy: 'user:default/mock',
      createdAt: AT,
      updatedAt: AT,
      generation: 1,
      status: {
        phase: 'Pending',
        observedGeneration: 0,
        conditions: [],
        services: [],
        outputs: {},
      },
    };
    this.records.set(name, { environment, events: [], request });
    this.advance(name, 'Pending', `Environment ${name} was requested.`);
    json(res, 201, environment);
    if (this.autoReady) {
      this.advance(name, 'Provisioning');
      this.advance(name, 'Ready');
    }
  }

  private delete(name: string): Environment {
    const { environment } = this.records.get(name)!;
    if (!environment.deletionRequestedAt) {
      environment.deletionRequestedAt = AT;
      this.advance(name, 'Deleting');
      if (this.autoDelete) setImmediate(() => this.advance(name, 'Deleted'));
    }
    return { ...environment };
  }

  private stream(name: string, after: number, res: ServerResponse) {
    const record = this.records.get(name);
    if (!record) {
      refuse(res, 404, `There is no environment named "${name}".`);
      return;
    }
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.flushHeaders();
    this.streams.set(res, record.environment.uid);
    res.on('close', () => this.streams.delete(res));
    for (const event of record.events) {
      if (event.sequence > after) writeEvent(res, event);
    }
  }
}

function writeEvent(res: ServerResponse, event: EnvironmentEvent) {
  res.write(`id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`);
  if (event.phase === 'Deleted') res.end();
}

function json(res: ServerResponse, status: number, body: unknown) {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
}

function refuse(res: ServerResponse, status: number, message: string) {
  json(res, status, {
    error: { name: 'Error', message, internal: 'not for the log' },
    response: { statusCode: status },
  });
}
