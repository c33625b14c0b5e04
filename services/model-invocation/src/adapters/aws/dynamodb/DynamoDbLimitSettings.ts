import {
  type Clock,
  type Logger,
  RepeatedWork,
} from '@genai-environments/service-kit';
import {
  type DynamoTableClient,
  insist,
} from '@genai-environments/service-kit/aws';
import {
  Limits,
  limitsSchema,
  LimitSubject,
} from '../../../domain/limits/Limits';
import type { LimitSettings } from '../../../ports/LimitSettings';

const LOOK_EVERY_MS = 1000;
const NONE: Limits = {};
const SETTINGS = 'limits#setting';
const REVISION = { pk: 'limits#revision', sk: 'revision' };

type Options = {
  table: DynamoTableClient;
  clock: Clock;
  logger: Logger;
};

/**
 * Keeps limits in the environment's table and answers from memory. Looks once a second
 * whether another process changed them; while DynamoDB does not answer, the last ones hold.
 */
export class DynamoDbLimitSettings implements LimitSettings {
  private limits = new Map<string, Limits>();
  private known = -1;
  private readonly loading = new RepeatedWork({
    work: () => this.load(),
    everyMs: LOOK_EVERY_MS,
    onError: (error, { isRepeated }) => {
      if (isRepeated) return;
      this.options.logger.error(
        { err: error },
        'Limits could not be read; the last known ones hold',
      );
    },
  });

  private constructor(private readonly options: Options) {}

  /** Reads all limits, so that none is missed from the first call on. */
  static async open(options: Options): Promise<DynamoDbLimitSettings> {
    const settings = new DynamoDbLimitSettings(options);
    await settings.refresh();
    settings.loading.start({ first: 'wait' });
    return settings;
  }

  revision(): number {
    return this.known;
  }

  get(subject: LimitSubject): Limits {
    return this.limits.get(subject) ?? NONE;
  }

  async put(subject: LimitSubject, limits: Limits): Promise<void> {
    const checked = limitsSchema.parse(limits);
    const key = { pk: SETTINGS, sk: subject };
    const isEmpty = Object.keys(checked).length === 0;
    await insist({
      attempt: async () => {
        const refusals = await this.options.table.transact([
          isEmpty
            ? { key, delete: true }
            : { put: { ...key, limits: checked } },
          { key: REVISION, set: 'ADD revision :one', values: { ':one': 1 } },
        ]);
        return refusals ? undefined : true;
      },
    });
    // A run that is under way may have read before.
    await this.loading.idle();
    await this.refresh();
  }

  /** Reads the limits if another process changed them. */
  refresh(): Promise<void> {
    return this.loading.run();
  }

  /** Ends looking. */
  close(): Promise<void> {
    return this.loading.close();
  }

  /** The revision comes first: limits that are newer than it are only read once more. */
  private async load(): Promise<void> {
    const { table } = this.options;
    const item = await table.get(REVISION);
    const revision: number = item?.revision ?? 0;
    if (revision === this.known) return;
    const items = await table.queryAll({ pk: SETTINGS });
    this.limits = new Map(
      items.map(({ sk, limits }) => [sk, limitsSchema.parse(limits)]),
    );
    this.known = revision;
  }
}
