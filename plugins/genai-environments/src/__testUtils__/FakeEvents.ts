import type {
  EnvironmentEvent,
  RequestOptions,
} from '@genai-environments/backstage-plugin-genai-environments-common';

/** Events of environments in memory, and those who watch them. */
export class FakeEvents {
  /** Streams that are open right now. */
  openStreams = 0;
  private readonly byName = new Map<string, EnvironmentEvent[]>();
  private readonly wakers = new Set<() => void>();
  private streamGeneration = 0;

  clear(name: string): void {
    this.byName.set(name, []);
  }

  /** Tells everybody who watches. */
  add(
    name: string,
    event: Partial<EnvironmentEvent> &
      Pick<EnvironmentEvent, 'message' | 'phase'>,
  ): void {
    const events = this.byName.get(name)!;
    events.push({
      sequence: events.length + 1,
      at: new Date().toISOString(),
      type: 'Normal',
      reason: 'Changed',
      ...event,
    });
    this.wakers.forEach(wake => wake());
  }

  after(name: string, sequence = 0): EnvironmentEvent[] {
    return (this.byName.get(name) ?? []).filter(e => e.sequence > sequence);
  }

  /** Ends all open streams, as a restart of the backend does. */
  dropStreams(): void {
    this.streamGeneration += 1;
    this.wakers.forEach(wake => wake());
  }

  async *watch(
    name: string,
    request: { after?: number } = {},
    options: RequestOptions = {},
  ): AsyncGenerator<EnvironmentEvent> {
    const generation = this.streamGeneration;
    let { after = 0 } = request;
    this.openStreams += 1;
    try {
      while (!options.signal?.aborted && generation === this.streamGeneration) {
        for (const event of this.after(name, after)) {
          after = event.sequence;
          yield event;
          if (event.phase === 'Deleted') return;
        }
        await this.somethingHappens(options.signal);
      }
    } finally {
      this.openStreams -= 1;
    }
  }

  private somethingHappens(signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const finish = () => {
        this.wakers.delete(finish);
        resolve();
      };
      this.wakers.add(finish);
      signal?.addEventListener('abort', finish, { once: true });
    });
  }
}
