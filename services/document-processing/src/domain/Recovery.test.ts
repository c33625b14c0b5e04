import { createLogger } from '@genai-environments/service-kit';
import { once, EventEmitter } from 'node:events';
import { Recovery } from './Recovery';

const clock = { now: () => 1_000_000 };

describe('Recovery', () => {
  let log: string[];
  let calls: Array<{ before?: number; signal?: AbortSignal }>;
  let events: EventEmitter;
  let behave: () => Promise<void>;
  let recovery: Recovery;
  beforeEach(() => {
    log = [];
    calls = [];
    events = new EventEmitter();
    behave = async () => {};
    recovery = new Recovery({
      dispatcher: {
        async recover(options = {}) {
          calls.push(options);
          events.emit('call');
          await behave();
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
    expect(calls).toMatchObject([{ before: Infinity }]);
    await once(events, 'call');
    expect(calls[1]).toMatchObject({ before: 999_995 });
  });

  it('goes on after a failure, and tells the log', async () => {
    behave = () => Promise.reject(new Error('The table is gone'));
    recovery.start();
    await once(events, 'call');
    await once(events, 'call');
    expect(log[0]).toContain('The table is gone');
  });

  it('does not begin twice, and waits at the end for what is under way', async () => {
    recovery.start();
    let end = () => {};
    behave = () => new Promise(resolve => (end = resolve));
    await once(events, 'call');
    let isClosed = false;
    const closing = recovery.close().then(() => (isClosed = true));
    await new Promise(resolve => setImmediate(resolve));
    expect([calls.length, isClosed]).toEqual([2, false]);
    expect(calls[1].signal!.aborted).toBe(true);
    end();
    await closing;
  });
});
