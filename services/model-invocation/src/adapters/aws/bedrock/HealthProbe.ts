import type {
  Clock,
  Logger,
  ServiceHealth,
} from '@genai-environments/service-kit';
import type { BedrockConnection } from './BedrockConnection';

const MAX_AGE_MS = 5000;
const DEADLINE_MS = 2000;

/** Tells whether Bedrock can be called, without calling a model. */
export class HealthProbe {
  private latest: { at: number; health: Promise<ServiceHealth> } | undefined;

  constructor(
    private readonly options: {
      connection: BedrockConnection;
      clock: Clock;
      logger: Logger;
    },
  ) {}

  health(): Promise<ServiceHealth> {
    const now = this.options.clock.now();
    if (!this.latest || now - this.latest.at > MAX_AGE_MS) {
      this.latest = { at: now, health: this.check() };
    }
    return this.latest.health;
  }

  private async check(): Promise<ServiceHealth> {
    const { connection, logger } = this.options;
    try {
      await connection.reach(DEADLINE_MS);
      return { status: 'UP' };
    } catch (error) {
      logger.warn({ err: error }, 'Bedrock cannot be reached');
      return { status: 'DOWN', reason: 'Bedrock cannot be reached.' };
    }
  }
}
