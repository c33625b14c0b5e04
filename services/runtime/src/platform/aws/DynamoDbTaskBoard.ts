import type { Clock, ServiceHealth } from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { HealthByService, TaskBoard } from '../TaskBoard';

const TASKS = 'platform#tasks';
const SILENT_AFTER_MS = 30_000;
/** A task that died is remembered as long as its services may be missed. */
const FORGOTTEN_AFTER_SECONDS = 86_400;

const SILENT: ServiceHealth = {
  status: 'DOWN',
  reason: 'No task of this service has been heard of for 30 s.',
};

type TaskItem = { at: number; services: HealthByService };

/** One item per task in the environment's table. */
export class DynamoDbTaskBoard implements TaskBoard {
  constructor(
    private readonly options: {
      table: DynamoTableClient;
      clock: Clock;
      /** Of this task. */
      taskId: string;
    },
  ) {}

  async report(services: HealthByService): Promise<void> {
    const { table, clock } = this.options;
    const at = clock.now();
    const expiresAt = Math.ceil(at / 1000) + FORGOTTEN_AFTER_SECONDS;
    await table.putMany([{ ...this.key(), at, services, expiresAt }]);
  }

  async read(): Promise<HealthByService> {
    const { table, clock } = this.options;
    const items = await table.queryAll({ pk: TASKS });
    const since = clock.now() - SILENT_AFTER_MS;
    const all: HealthByService = {};
    for (const { at, services } of items as unknown as TaskItem[]) {
      for (const [name, health] of Object.entries(services)) {
        if (all[name]?.status === 'UP') continue;
        all[name] = better(all[name], at >= since ? health : SILENT);
      }
    }
    return all;
  }

  async withdraw(): Promise<void> {
    await this.options.table.deleteMany([this.key()]);
  }

  private key() {
    return { pk: TASKS, sk: this.options.taskId };
  }
}

/** What a task says is better than that another one says nothing. */
function better(known: ServiceHealth | undefined, found: ServiceHealth) {
  if (!known || found.status === 'UP') return found;
  return known === SILENT ? found : known;
}
