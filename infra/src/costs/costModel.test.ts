import { keyItems, loadBalancerItem, taskItem, toCostModel } from './costModel';

const task = { name: 'x', cpu: 256, memoryMiB: 512, isSpot: false };

describe('toCostModel', () => {
  it('adds up what runs, and what is left while hibernated', () => {
    const model = toCostModel(
      [taskItem(task), loadBalancerItem(), ...keyItems({ secrets: 2 })],
      'note',
    );
    // 730 hours of a quarter of a processor and half a gibibyte, and of a load balancer.
    expect(model.items.map(({ monthlyUsd }) => monthlyUsd)).toEqual([
      7.21, 16.43, 1, 0.8,
    ]);
    expect(model.idleMonthlyUsd).toBe(25.44);
    expect(model.hibernatedMonthlyUsd).toBe(1.8);
  });

  it('counts spare capacity at half the price', () => {
    const { monthlyUsd } = taskItem({ ...task, isSpot: true });
    expect(monthlyUsd).toBeCloseTo(taskItem(task).monthlyUsd / 2);
  });
});
