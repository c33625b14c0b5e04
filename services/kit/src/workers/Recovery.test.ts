import { EventEmitter, once } from 'node:events';
import { createLogger, type LeftWork, Recovery } from '..';

const clock = { now: () => 1_000_000 };

describe('Recovery', () => {
  let log: string[];
  let calls: Array<Parameters<LeftWork['resume']>[0]>;
  let events: EventEmitter;
  let removing: () => Promise<void>;
  let queueing: () => Promise<void>;
  let recovery: Recovery;
  beforeEach(() => {
    log = [];
    calls = [];
    events = new EventEmitter();
    removing = async () => {};
    queueing = async () => {};
    const removals: LeftWork = {
      name: 'removals',
      resume() {
        events.emit('removals');
        return removing();
      },
    };
    const jobs: LeftWork = {
      name: 'jobs',
      resume(options) {
        calls.push(options);
        events.emit('jobs');
        return queueing();
      },
    };
    recovery = new Recovery([removals, jobs], {
      clock,
      logger: createLogger({ destination: { write: line => log.push(line) } }),
      everyMs: 5,
    });
  });
  afterEach(() => recovery.close());

  it('takes up everything at the start, and later what is old enough', async () => {
    recovery.start();
    expect(calls.map(({ before }) => before)).toEqual([Infinity]);
    await once(events, 'jobs');
    expect(calls[1].before).toBe(999_995);
  });

  it('goes on after failures, and tells the log', async () => {
    removing = () => Promise.reject(new Error('No removals are listed'));
    queueing = () => Promise.reject(new Error('No jobs are listed'));
    recovery.start();
    await once(events, 'removals');
    await once(events, 'jobs');
    await recovery.close();
    const told = log.map(line => JSON.parse(line));
    expect(told).toContainEqual(
      expect.objectContaining({
        work: 'removals',
        err: expect.objectContaining({ message: 'No removals are listed' }),
      }),
    );
    expect(told).toContainEqual(
      expect.objectContaining({
        work: 'jobs',
        err: expect.objectContaining({ message: 'No jobs are listed' }),
      }),
    );
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
    expect(calls[0].signal.aborted).toBe(true);
    end();
    await closing;
  });
});
