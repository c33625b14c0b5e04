import { createLogger } from '@genai-environments/service-kit';
import { EventEmitter, once } from 'node:events';
import { Recovery } from './Recovery';

const clock = { now: () => 1_000_000 };

describe('Recovery', () => {
  let log: string[];
  let before: Array<number | undefined>;
  let signal: AbortSignal | undefined;
  let events: EventEmitter;
  let removing: () => Promise<void>;
  let queueing: () => Promise<void>;
  let recovery: Recovery;
  beforeEach(() => {
    log = [];
    before = [];
    events = new EventEmitter();
    removing = async () => {};
    queueing = async () => {};
    recovery = new Recovery({
      stores: {
        resume() {
          events.emit('stores');
          return removing();
        },
      },
      jobs: {
        resume(options = {}) {
          before.push(options.before);
          ({ signal } = options);
          events.emit('jobs');
          return queueing();
        },
      },
      clock,
      logger: createLogger({ destination: { write: line => log.push(line) } }),
      everyMs: 5,
    });
  });
  afterEach(() => recovery.close());

  it('takes up everything at the start, and later what is old enough', async () => {
    recovery.start();
    expect(before).toEqual([Infinity]);
    await once(events, 'jobs');
    expect(before[1]).toBe(999_995);
  });

  it('goes on after failures, and tells the log', async () => {
    removing = () => Promise.reject(new Error('No removals are listed'));
    queueing = () => Promise.reject(new Error('No jobs are listed'));
    recovery.start();
    await once(events, 'stores');
    await once(events, 'jobs');
    await recovery.close();
    expect(log.join()).toContain('No removals are listed');
    expect(log.join()).toContain('No jobs are listed');
  });

  it('queues jobs while a removal takes long, and waits for it at the end', async () => {
    let end = () => {};
    removing = () => new Promise(resolve => (end = resolve));
    recovery.start();
    await once(events, 'jobs');
    let isClosed = false;
    const closing = recovery.close().then(() => (isClosed = true));
    await new Promise(resolve => setImmediate(resolve));
    expect(isClosed).toBe(false);
    expect(signal!.aborted).toBe(true);
    end();
    await closing;
  });
});
