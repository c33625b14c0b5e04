import type { Clock } from '@genai-environments/service-kit';
import type { ServedModel } from '../ModelCatalog';

/** A whole answer that was remembered, and the model that gave it. */
export type Remembered = {
  answer: unknown;
  served: ServedModel;
};

type Entry = Remembered & { bytes: number; expiresAt: number };

/** Longest time an answer is remembered. */
export const MAX_CACHE_SECONDS = 86_400;

/**
 * Whole answers by exact request, in memory, for those who ask for it. Bounded: what was
 * not used for longest goes first, and what is larger than a sixteenth of all is not kept.
 */
export class ResponseCache {
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  constructor(private readonly options: { clock: Clock; maxBytes: number }) {}

  get size(): { answers: number; bytes: number } {
    return { answers: this.entries.size, bytes: this.bytes };
  }

  find(key: string): Remembered | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.remove(key, entry);
    if (entry.expiresAt <= this.options.clock.now()) return undefined;
    // The order of a Map is the order of insertion: last used stands last.
    this.add(key, entry);
    return entry;
  }

  remember(
    key: string,
    remembered: Remembered,
    { bytes, seconds }: { bytes: number; seconds: number },
  ): void {
    const { maxBytes, clock } = this.options;
    if (bytes > maxBytes / 16) return;
    const previous = this.entries.get(key);
    if (previous) this.remove(key, previous);
    const expiresAt = clock.now() + seconds * 1000;
    this.add(key, { ...remembered, bytes, expiresAt });
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= maxBytes) return;
      this.remove(oldest, entry);
    }
  }

  private add(key: string, entry: Entry): void {
    this.entries.set(key, entry);
    this.bytes += entry.bytes;
  }

  private remove(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.bytes -= entry.bytes;
  }
}
