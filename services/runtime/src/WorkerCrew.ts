import {
  checkHealth,
  type ServiceHealth,
  type Worker,
} from '@genai-environments/service-kit';

/** How long work in hand may go on when the process ends; shorter than a request may. */
const DRAIN_MS = 4000;

/** The workers of this process. */
export class WorkerCrew {
  constructor(private readonly workers: readonly Worker[]) {}

  start(): void {
    for (const worker of this.workers) worker.start();
  }

  /** Health by worker name. */
  async health(): Promise<Record<string, ServiceHealth>> {
    const entries = this.workers.map(
      async worker => [worker.name, await checkHealth(worker)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Lets work in hand end, or gives it back. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all(
      this.workers.map(worker => worker.close({ drainMs: DRAIN_MS })),
    );
  }
}
