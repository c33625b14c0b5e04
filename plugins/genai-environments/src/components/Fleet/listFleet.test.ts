import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { listFleet, mergeFleet } from './listFleet';

function fleetOf(...owned: Array<[name: string, owner: string]>) {
  return new FakeGenaiEnvironmentsApi(
    owned.map(([name, owner]) => environmentFixture({ name, owner })),
  );
}

describe('listFleet', () => {
  it('joins the lists of several owners by name', async () => {
    const api = fleetOf(['c', 'x'], ['a', 'y'], ['b', 'x'], ['d', 'z']);
    const { items, cursors } = await listFleet({
      api,
      query: { owners: ['x', 'y'] },
      limit: 10,
    });
    expect(items.map(item => item.name)).toEqual(['a', 'b', 'c']);
    expect(cursors).toEqual([]);
  });

  it('goes on only with the lists that have more', async () => {
    const api = fleetOf(['a', 'x'], ['b', 'x'], ['c', 'y']);
    const list = jest.spyOn(api, 'listEnvironments');
    const query = { owners: ['x', 'y'] };
    const first = await listFleet({ api, query, limit: 1 });
    expect(first.items.map(item => item.name)).toEqual(['a', 'c']);

    list.mockClear();
    const { cursors } = first;
    const second = await listFleet({ api, query, limit: 1, cursors });
    expect(second.items.map(item => item.name)).toEqual(['b']);
    expect(second.cursors).toEqual([]);
    expect(list).toHaveBeenCalledTimes(1);
  });

  it('asks for nobody’s when there is nobody', async () => {
    const api = fleetOf(['a', 'x']);
    const page = await listFleet({ api, query: { owners: [] }, limit: 1 });
    expect(page).toEqual({ items: [], cursors: [] });
  });
});

describe('mergeFleet', () => {
  it('keeps the newer of two states', () => {
    const old = environmentFixture({ name: 'a', generation: 1 });
    const fresh = environmentFixture({ name: 'a', generation: 2 });
    expect(mergeFleet([old], [fresh])).toEqual([fresh]);
  });
});
