import type { CostModel } from '../manifest/manifest';
import { PRICES } from './prices';

/** A line of a bill. `hibernatedMonthlyUsd` defaults to the same. */
export type CostItem = {
  name: string;
  monthlyUsd: number;
  hibernatedMonthlyUsd?: number;
  basis: string;
};

/** A task that runs all the time. */
export type CostedTask = {
  name: string;
  cpu: number;
  memoryMiB: number;
  isSpot: boolean;
};

const CPU_UNITS = 1024;
const MIB = 1024;
/** A task that is called reads whether limits and applications have changed. */
const READS_PER_SECOND = 1.2;
const SECONDS_PER_HOUR = 3600;
/** Waits of 20 seconds for messages, one queue after the other. */
const POLLS_PER_HOUR = SECONDS_PER_HOUR / 20;

export function taskItem(task: CostedTask): CostItem {
  const hour =
    (task.cpu / CPU_UNITS) * PRICES.fargateVcpuHour +
    (task.memoryMiB / MIB) * PRICES.fargateGibHour;
  const factor = task.isSpot ? PRICES.fargateSpotFactor : 1;
  return {
    name: `task ${task.name}`,
    monthlyUsd: monthly(hour * factor),
    hibernatedMonthlyUsd: 0,
    basis: `${task.cpu / CPU_UNITS} vCPU, ${task.memoryMiB} MiB, ARM${
      task.isSpot ? ', spare capacity' : ''
    }, all the time`,
  };
}

export function loadBalancerItem(): CostItem {
  return {
    name: 'load balancer',
    monthlyUsd: monthly(PRICES.loadBalancerHour),
    hibernatedMonthlyUsd: 0,
    basis: 'one Application Load Balancer',
  };
}

export function keyItems(options: { secrets: number }): CostItem[] {
  return [
    { name: 'key', monthlyUsd: PRICES.keyMonth, basis: 'one key of KMS' },
    {
      name: 'secrets',
      monthlyUsd: options.secrets * PRICES.secretMonth,
      basis: `${options.secrets} secrets`,
    },
  ];
}

export function alarmItem(options: {
  metrics: number;
  composites: number;
}): CostItem {
  const { metrics, composites } = options;
  return {
    name: 'alarms',
    monthlyUsd:
      metrics * PRICES.alarmMetricMonth +
      composites * PRICES.compositeAlarmMonth,
    hibernatedMonthlyUsd: 0,
    basis: `${metrics} metrics that alarms look at, ${composites} composite alarm`,
  };
}

export function dashboardItem(): CostItem {
  return {
    name: 'dashboard',
    monthlyUsd: PRICES.dashboardMonth,
    hibernatedMonthlyUsd: 0,
    basis: 'one dashboard; the first three of an account are free',
  };
}

export function webAclItem(rules: number): CostItem {
  return {
    name: 'web ACL',
    monthlyUsd: PRICES.webAclMonth + rules * PRICES.webAclRuleMonth,
    basis: `one, with ${rules} rules`,
  };
}

export function natItem(): CostItem {
  return {
    name: 'NAT gateway',
    monthlyUsd: monthly(PRICES.natGatewayHour + PRICES.publicAddressHour),
    basis: 'one, with its address',
  };
}

/** What tasks ask while nobody calls. */
export function pollingItems(options: {
  calledTasks: number;
  polledQueues: number;
}): CostItem[] {
  const { calledTasks, polledQueues } = options;
  const reads = calledTasks * READS_PER_SECOND * SECONDS_PER_HOUR;
  const items: CostItem[] = [
    {
      name: 'reading settings',
      monthlyUsd: monthly((reads / 1e6) * PRICES.millionReads),
      hibernatedMonthlyUsd: 0,
      basis: `${READS_PER_SECOND} reads a second by each of ${calledTasks} tasks`,
    },
  ];
  if (polledQueues > 0) {
    const requests = polledQueues * POLLS_PER_HOUR;
    items.push({
      name: 'asking queues',
      monthlyUsd: monthly((requests / 1e6) * PRICES.millionQueueRequests),
      hibernatedMonthlyUsd: 0,
      basis: `${polledQueues} queues, asked every 20 seconds`,
    });
  }
  return items;
}

/** Adds up what costs while nothing happens. */
export function toCostModel(items: CostItem[], note: string): CostModel {
  const rounded = items.map(
    ({ monthlyUsd, hibernatedMonthlyUsd = monthlyUsd, ...rest }) => ({
      ...rest,
      monthlyUsd: cents(monthlyUsd),
      hibernatedMonthlyUsd: cents(hibernatedMonthlyUsd),
    }),
  );
  const sum = (key: 'monthlyUsd' | 'hibernatedMonthlyUsd') =>
    cents(rounded.reduce((total, item) => total + item[key], 0));
  return {
    idleMonthlyUsd: sum('monthlyUsd'),
    hibernatedMonthlyUsd: sum('hibernatedMonthlyUsd'),
    items: rounded,
    perUse: [],
    note,
  };
}

function monthly(hour: number): number {
  return hour * PRICES.hoursPerMonth;
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
