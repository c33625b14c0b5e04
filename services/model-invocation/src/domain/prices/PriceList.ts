import * as z from 'zod';
import type { Model, TokenUsage } from '../Model';
import bedrock from './bedrock.json';

const dollars = z.number().min(0).max(1_000_000);

/** US dollars per million tokens, which is millionths of a dollar per token. */
export const modelPriceSchema = z.strictObject({
  input: dollars,
  /** Absent for embeddings. */
  output: dollars.optional(),
  /** Tokens read from a prompt cache; default: `input`. */
  cacheRead: dollars.optional(),
  /** Tokens written to a prompt cache; default: `input`. */
  cacheWrite: dollars.optional(),
});

export type ModelPrice = z.infer<typeof modelPriceSchema>;

/** Prices by the id of the model, as a price file has them. */
export const modelPricesSchema = z.record(
  z.string().min(1).max(2048),
  modelPriceSchema,
);

/** Cross-region inference profiles carry the id of their model behind the region. */
const PROFILE_PREFIX = /^(?:us|eu|apac|jp|au|ca|us-gov|global)\./;
/** `:0` of `amazon.nova-lite-v1:0`. */
const REVISION = /:\d+$/;

/**
 * What calls cost: a pinned copy of Bedrock's list prices, and what the environment's
 * owner says. Models in neither, such as those of this machine, cost nothing.
 *
 * @see ./bedrock.json for date and source
 */
export class PriceList {
  private readonly prices: Map<string, ModelPrice>;
  private readonly known = new Map<string, ModelPrice | undefined>();

  constructor(options: { overrides?: Record<string, ModelPrice> } = {}) {
    this.prices = new Map([
      ...Object.entries<ModelPrice>(bedrock.models),
      ...Object.entries(options.overrides ?? {}),
    ]);
  }

  /** Day of the pinned prices, `YYYY-MM-DD`. */
  get date(): string {
    return bedrock.date;
  }

  /** `undefined` for a model without a price. */
  find({ id, pricedAs = id }: Pick<Model, 'id' | 'pricedAs'>) {
    const key = pricedAs === id ? id : `${id} ${pricedAs}`;
    if (!this.known.has(key)) {
      this.known.set(key, this.prices.get(id) ?? this.lookUp(pricedAs));
    }
    return this.known.get(key);
  }

  /**
   * Millionths of a US dollar, not rounded; `undefined` when nobody can say what a model
   * that has a price costs. Models of this machine and of the owner's servers are free
   * unless the owner says otherwise.
   */
  priceOf(model: Model, usage: TokenUsage): number | undefined {
    const price = this.find(model);
    if (!price) return model.isBilled ? undefined : 0;
    return exactCost(price, usage);
  }

  /** Millionths of a US dollar, rounded up; 0 for a model without a price. */
  costMicroUsd(
    model: Pick<Model, 'id' | 'pricedAs'>,
    usage: TokenUsage,
  ): number {
    const price = this.find(model);
    if (!price) return 0;
    const cost = exactCost(price, usage);
    // Sums of binary fractions: 3 * 0.1 is not to be rounded up for its 17th digit.
    return Math.ceil(Number(cost.toFixed(6)));
  }

  private lookUp(id: string): ModelPrice | undefined {
    const name = id.replace(/^.*\//, '').replace(PROFILE_PREFIX, '');
    return (
      this.prices.get(id) ??
      this.prices.get(name) ??
      this.prices.get(name.replace(REVISION, ''))
    );
  }
}

function exactCost(price: ModelPrice, usage: TokenUsage): number {
  const { cacheReadTokens = 0, cacheWriteTokens = 0 } = usage;
  const plain = usage.inputTokens - cacheReadTokens - cacheWriteTokens;
  return (
    Math.max(0, plain) * price.input +
    cacheReadTokens * (price.cacheRead ?? price.input) +
    cacheWriteTokens * (price.cacheWrite ?? price.input) +
    usage.outputTokens * (price.output ?? 0)
  );
}
