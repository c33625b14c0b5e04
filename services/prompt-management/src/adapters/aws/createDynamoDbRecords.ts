import {
  type Clock,
  type Logger,
  systemClock,
} from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { PromptRecords } from '../../ports/PromptRecords';
import { DynamoDbPromptTemplateRepository } from './DynamoDbPromptTemplateRepository';

/** Keeps the records in the environment's table, which stays its owner's to close. */
export function createDynamoDbRecords(options: {
  table: DynamoTableClient;
  logger: Logger;
  clock?: Clock;
}): PromptRecords {
  const { table, logger, clock = systemClock } = options;
  return {
    templates: new DynamoDbPromptTemplateRepository({ table, clock, logger }),
    health: () => table.health(),
    close: () => {},
  };
}
