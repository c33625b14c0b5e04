import {
  DependencyError,
  InvalidInputError,
  type ServiceHealth,
} from '@genai-environments/service-kit';
import type { VectorIndex } from '../ports/VectorIndex';
import type { StoreType } from './VectorStore';

const TITLES: Record<StoreType, string> = {
  local: 'the local index of this environment',
  s3vectors: 'Amazon S3 Vectors',
  opensearchserverless: 'Amazon OpenSearch Serverless',
};

/** What keeps the vectors of stores, by their type. */
export class VectorIndexes {
  private readonly byType: ReadonlyMap<StoreType, VectorIndex>;

  /** The first one is for stores whose type nobody names; there must be one. */
  constructor(entries: Iterable<readonly [StoreType, VectorIndex]>) {
    this.byType = new Map(entries);
    if (this.byType.size === 0) throw new Error('There is no vector index.');
  }

  /** Of stores whose type nobody names. */
  get defaultType(): StoreType {
    return [...this.byType.keys()][0];
  }

  has(type: StoreType): boolean {
    return this.byType.has(type);
  }

  /** @throws InvalidInputError (`store_type_unavailable`) */
  assertAvailable(type: StoreType): void {
    if (this.has(type)) return;
    const available = [...this.byType.keys()].map(each => `"${each}"`);
    throw new InvalidInputError(
      `This environment keeps no stores of type "${type}". Available: ${available.join(
        ', ',
      )}.`,
      { code: 'store_type_unavailable' },
    );
  }

  /** @throws DependencyError (`store_type_unavailable`) when there was one once, and is none now */
  of(type: StoreType): VectorIndex {
    const found = this.byType.get(type);
    if (found) return found;
    throw new DependencyError(
      `This environment does not reach ${TITLES[type]} any more, which keeps this store. Tell the environment's owner, or make another store.`,
      { kind: 'unavailable', retryable: false, code: 'store_type_unavailable' },
    );
  }

  /** Says what really keeps the vectors. */
  describe(type: StoreType): string {
    const actual = this.of(type).type;
    return actual === type
      ? `It is served by ${TITLES[type]}.`
      : `This environment serves stores of type "${type}" by ${TITLES[actual]}.`;
  }

  /** `DOWN` when one of them is. */
  async health(): Promise<ServiceHealth> {
    const states = await Promise.all(
      this.distinct().map(index => index.health()),
    );
    return states.find(({ status }) => status === 'DOWN') ?? states[0];
  }

  async close(): Promise<void> {
    for (const index of this.distinct()) await index.close();
  }

  private distinct(): VectorIndex[] {
    return [...new Set(this.byType.values())];
  }
}
