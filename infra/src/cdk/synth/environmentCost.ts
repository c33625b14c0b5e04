import {
  alarmItem,
  type CostItem,
  dashboardItem,
  keyItems,
  loadBalancerItem,
  natItem,
  pollingItems,
  taskItem,
  toCostModel,
  webAclItem,
} from '../../costs/costModel';
import { perUse } from '../../costs/perUse';
import { PRICES } from '../../costs/prices';
import type {
  BlueprintTier,
  CostModel,
  VectorStore,
} from '../../manifest/manifest';
import { TASKS } from '../tasks';
import type { Template } from './template';

const WEB_ACL_RULES = 3;

/** What an environment costs while nobody calls it, and what calls cost. */
export function environmentCost(options: {
  tier: BlueprintTier;
  vectorStore: VectorStore;
  core: Template;
  services: Template;
}): CostModel {
  const { tier, vectorStore, core, services } = options;
  const running = TASKS[tier].filter(({ scalesToZero }) => !scalesToZero);
  const items: CostItem[] = [
    ...running.map(taskItem),
    ...(has(core, 'AWS::ElasticLoadBalancingV2::LoadBalancer')
      ? [loadBalancerItem()]
      : []),
    ...keyItems({ secrets: count(core, 'AWS::SecretsManager::Secret') }),
    alarmItem({
      metrics: alarmMetrics(services),
      composites: count(services, 'AWS::CloudWatch::CompositeAlarm'),
    }),
    ...(has(services, 'AWS::CloudWatch::Dashboard') ? [dashboardItem()] : []),
    ...(has(core, 'AWS::WAFv2::WebACL') ? [webAclItem(WEB_ACL_RULES)] : []),
    ...(has(core, 'AWS::EC2::VPC')
      ? [{ ...natItem(), hibernatedMonthlyUsd: 0 }]
      : []),
    ...pollingItems({
      calledTasks: running.filter(({ kind }) => kind === 'web').length,
      polledQueues: running.reduce(
        (sum, { workers }) => sum + workers.length,
        0,
      ),
    }),
  ];
  const shared = tier === 'isolated' ? '' : ' Without what the account shares.';
  return {
    ...toCostModel(
      items,
      `List prices of ${PRICES.region}, ${PRICES.date}, with the app and no calls.${shared} Models cost by use.`,
    ),
    perUse: perUse(vectorStore),
  };
}

/** What all environments of an account and region share, by its defaults. */
export function foundationCost(): CostModel {
  return toCostModel(
    [natItem(), loadBalancerItem(), webAclItem(WEB_ACL_RULES)].map(item => ({
      ...item,
      hibernatedMonthlyUsd: undefined,
    })),
    `List prices of ${PRICES.region}, ${PRICES.date}, once for all environments of an account and region, with a NAT gateway and without endpoints.`,
  );
}

function count({ Resources }: Template, type: string): number {
  return Object.values(Resources).filter(({ Type }) => Type === type).length;
}

function has(template: Template, type: string): boolean {
  return count(template, type) > 0;
}

/** An alarm costs by what it looks at: one metric, or those of its expression. */
function alarmMetrics({ Resources }: Template): number {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => {
      const { Metrics = [{ MetricStat: {} }] } = Properties as {
        Metrics?: Array<{ MetricStat?: unknown }>;
      };
      return Metrics.filter(({ MetricStat }) => MetricStat).length;
    })
    .reduce((sum, metrics) => sum + metrics, 0);
}
