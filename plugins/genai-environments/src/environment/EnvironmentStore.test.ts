import { waitFor } from '@testing-library/react';
import { fakeResponseError } from '../__testUtils__/fakeErrors';
import { FakeGenaiEnvironmentsApi } from '../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../__testUtils__/fixtures';
import { EnvironmentStore, getEnvironmentStore } from './EnvironmentStore';

const NAME = 'invoice-bot';

function setup(api = new FakeGenaiEnvironmentsApi([environmentFixture()])) {
  const waits: number[] = [];
  const store = new EnvironmentStore({
    api,
    name: NAME,
    wait: ms => {
      waits.push(ms);
      return new Promise(resolve => setTimeout(resolve, 0));
    },
  });
  return { api, store, waits };
}

describe('EnvironmentStore', () => {
  it('gives everything on a page the same store and one stream', async () => {
    const api = new FakeGenaiEnvironmentsApi([environmentFixture()]);
    const store = getEnvironmentStore(api, NAME);
    expect(getEnvironmentStore(api, NAME)).toBe(store);

    const leave = [store.subscribe(jest.fn()), store.subscribe(jest.fn())];
    await waitFor(() => expect(store.getSnapshot().events).toHaveLength(1));
    expect(api.events.openStreams).toBe(1);

    leave[0]();
    expect(api.events.openStreams).toBe(1);
    leave[1]();
    await waitFor(() => expect(api.events.openStreams).toBe(0));
  });

  it('reads the state again on an event', async () => {
    const { api, store } = setup();
    const leave = store.subscribe(jest.fn());
    await waitFor(() => expect(store.getSnapshot().status).toBe('ready'));

    api.emit(NAME, { message: 'A service died.' }, { phase: 'Degraded' });
    await waitFor(() =>
      expect(store.getSnapshot().environment?.status.phase).toBe('Degraded'),
    );
    leave();
  });

  it('does not read once per event when a long history is replayed', async () => {
    const { api, store } = setup();
    for (let i = 0; i < 300; i += 1) api.emit(NAME, { message: `Event ${i}` });
    const reads = jest.spyOn(api, 'getEnvironment');
    const updates = jest.fn();
    const leave = store.subscribe(updates);

    await waitFor(() => expect(store.getSnapshot().events).toHaveLength(301));
    expect(reads.mock.calls.length).toBeLessThan(10);
    expect(updates.mock.calls.length).toBeLessThan(30);
    leave();
  });

  it('comes back after a lost connection where it left off', async () => {
    const { api, store, waits } = setup();
    const watch = jest.spyOn(api, 'watchEvents');
    const leave = store.subscribe(jest.fn());
    await waitFor(() => expect(store.getSnapshot().events).toHaveLength(1));

    api.events.dropStreams();
    await waitFor(() => expect(watch).toHaveBeenCalledTimes(2));
    api.emit(NAME, { message: 'Meanwhile' });

    await waitFor(() =>
      expect(store.getSnapshot().events.map(e => e.sequence)).toEqual([1, 2]),
    );
    expect(watch.mock.calls[1][1]).toEqual({ after: 1 });
    expect(waits).toHaveLength(1);
    leave();
  });

  it('keeps what it knows while the backend is away, and says so', async () => {
    const { api, store } = setup();
    const leave = store.subscribe(jest.fn());
    await waitFor(() => expect(store.getSnapshot().status).toBe('ready'));

    const read = jest
      .spyOn(api, 'getEnvironment')
      .mockRejectedValue(new TypeError('Failed to fetch'));
    await store.refresh();
    expect(store.getSnapshot()).toMatchObject({
      status: 'ready',
      connection: 'reconnecting',
      environment: { name: NAME },
    });

    read.mockRestore();
    await store.refresh();
    expect(store.getSnapshot().connection).toBe('live');
    leave();
  });

  it('waits longer from attempt to attempt', async () => {
    const { api, store, waits } = setup();
    jest.spyOn(api, 'watchEvents').mockImplementation(async function* lost() {
      throw new TypeError('Failed to fetch');
    });
    const leave = store.subscribe(jest.fn());
    await waitFor(() => expect(waits.length).toBeGreaterThan(6));
    leave();

    expect(waits[0]).toBeLessThanOrEqual(1000);
    expect(waits[6]).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  });

  it('does not follow what does not exist', async () => {
    const { api, store } = setup(new FakeGenaiEnvironmentsApi());
    const watch = jest.spyOn(api, 'watchEvents');
    const leave = store.subscribe(jest.fn());
    await waitFor(() => expect(store.getSnapshot().status).toBe('missing'));
    expect(watch).not.toHaveBeenCalled();
    leave();
  });

  it('tries again after an error when asked to', async () => {
    const { api, store } = setup();
    const error = await fakeResponseError(403, 'You may not see it.');
    const read = jest.spyOn(api, 'getEnvironment').mockRejectedValue(error);
    const leave = store.subscribe(jest.fn());
    await waitFor(() => expect(store.getSnapshot().error).toBe(error));

    read.mockRestore();
    store.retry();
    await waitFor(() => expect(store.getSnapshot().status).toBe('ready'));
    leave();
  });

  it.each(['its phase', 'a 404'])(
    'sees the end of a teardown by %s',
    async by => {
      const { api, store } = setup();
      const leave = store.subscribe(jest.fn());
      await waitFor(() => expect(store.getSnapshot().events).toHaveLength(1));

      if (by === 'a 404') api.environments.delete(NAME);
      else api.emit(NAME, { message: 'Gone.' }, { phase: 'Deleted' });
      await store.refresh();
      expect(store.getSnapshot()).toMatchObject({
        status: 'deleted',
        connection: 'closed',
      });
      leave();
    },
  );

  it('follows a new environment that took the name of an old one', async () => {
    const { api, store } = setup();
    store.subscribe(jest.fn())();
    const leave = store.subscribe(jest.fn());
    await waitFor(() => expect(store.getSnapshot().events).toHaveLength(1));
    leave();

    api.put(environmentFixture({ uid: 'another' }));
    const leaveAgain = store.subscribe(jest.fn());
    await waitFor(() =>
      expect(store.getSnapshot().environment?.uid).toBe('another'),
    );
    await waitFor(() => expect(store.getSnapshot().events).toHaveLength(1));
    leaveAgain();
  });
});
