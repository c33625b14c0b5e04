import type { ApiCall } from '../fakeAws/Faults';

/** Most calls of one API in any second, and what AWS documents as its default. */
export type PeakRate = { api: string; perSecond: number; allowed?: number };

/**
 * Default quotas of AWS, calls a second for each account and region. CloudFormation
 * publishes none.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
const DOCUMENTED: Record<string, number> = {
  ecs: 20,
  'cognito-idp read': 15,
  'cognito-idp write': 15,
  'secretsmanager write': 50,
  tagging: 15,
};

/** Sustained: the mean over the busiest ten seconds. */
export function peakRates(calls: ApiCall[]): PeakRate[] {
  const byApi = new Map<string, number[]>();
  for (const call of calls) {
    const api = apiOf(call);
    byApi.set(api, [...(byApi.get(api) ?? []), call.at]);
  }
  return [...byApi]
    .map(([api, times]) => ({
      api,
      perSecond: busiest(times, 10_000) / 10,
      allowed: DOCUMENTED[api],
    }))
    .sort((a, b) => b.perSecond - a.perSecond);
}

/** Calls in each minute. */
export function perMinute(calls: ApiCall[], from: number): number[] {
  const counts: number[] = [];
  for (const { at } of calls) {
    const minute = Math.floor((at - from) / 60_000);
    counts[minute] = (counts[minute] ?? 0) + 1;
  }
  return Array.from(counts, count => count ?? 0);
}

function apiOf({ service, operation }: ApiCall): string {
  if (
    ['ecs', 'tagging', 'bedrock', 'sts', 's3', 'monitoring'].includes(service)
  ) {
    return service;
  }
  const reads = /^(Describe|List|Get)/.test(operation);
  return `${service} ${reads ? 'read' : 'write'}`;
}

function busiest(times: number[], windowMs: number): number {
  let most = 0;
  let start = 0;
  for (let end = 0; end < times.length; end++) {
    while (times[end] - times[start] >= windowMs) start++;
    most = Math.max(most, end - start + 1);
  }
  return most;
}
