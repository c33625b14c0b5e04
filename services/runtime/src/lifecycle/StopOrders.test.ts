import { StopOrders } from './StopOrders';

const first = { reason: 'The provisioner asked for it.', deadlineMs: 10_000 };
const second = { reason: 'The data directory is gone.', deadlineMs: 1000 };

describe('StopOrders', () => {
  it('keeps orders until there is something to stop', () => {
    const orders = new StopOrders();
    orders.give(first);
    orders.give(second);
    const obey = jest.fn();
    orders.obeyBy(obey);
    expect(obey.mock.calls).toEqual([[first], [second]]);
  });

  it('hands later orders on at once', () => {
    const orders = new StopOrders();
    const obey = jest.fn();
    orders.obeyBy(obey);
    expect(obey).not.toHaveBeenCalled();
    orders.give(first);
    expect(obey.mock.calls).toEqual([[first]]);
  });
});
