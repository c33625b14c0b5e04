import type { UsageItem } from '@genai-environments/backstage-plugin-genai-environments-common';

/** Usage of one model over a range of days. */
export type ModelUsage = {
  model: string;
  invocations: number;
  failedInvocations: number;
  inputTokens: number;
  outputTokens: number;
};

/** Adds usage up by model, most used first. */
export function usageByModel(items: UsageItem[]): ModelUsage[] {
  const totals = new Map<string, ModelUsage>();
  for (const item of items) {
    const total = totals.get(item.model) ?? emptyUsage(item.model);
    totals.set(item.model, addUsage(total, item));
  }
  return [...totals.values()].sort((a, b) => b.invocations - a.invocations);
}

/** One line for all models. */
export function usageTotal(usages: ModelUsage[]): ModelUsage {
  return usages.reduce(addUsage, emptyUsage('Total'));
}

function emptyUsage(model: string): ModelUsage {
  return {
    model,
    invocations: 0,
    failedInvocations: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
}

function addUsage(
  total: ModelUsage,
  item: Omit<ModelUsage, 'model'>,
): ModelUsage {
  return {
    model: total.model,
    invocations: total.invocations + item.invocations,
    failedInvocations: total.failedInvocations + item.failedInvocations,
    inputTokens: total.inputTokens + item.inputTokens,
    outputTokens: total.outputTokens + item.outputTokens,
  };
}
