import {
  Clock,
  IdGenerator,
  randomId,
  ServiceDefinition,
  systemClock,
} from '@genai-environments/service-kit';
import { openPromptDatabase } from './adapters/local/database';
import { SqlitePromptTemplateRepository } from './adapters/local/SqlitePromptTemplateRepository';
import { PromptTemplates } from './domain/PromptTemplates';
import { createPromptService } from './plugin';

export type PromptManagementOptions = {
  /** Keeps `prompt-management.sqlite`. */
  dataDirectory: string;
  clock?: Clock;
  newId?: IdGenerator;
};

export type PromptManagement = {
  service: ServiceDefinition;
  /** The same as `service.close`; safe to call twice. */
  close(): Promise<void>;
};

/** Builds the service on its local adapters. */
export function createPromptManagement(
  options: PromptManagementOptions,
): PromptManagement {
  const { clock = systemClock, newId = randomId } = options;
  const database = openPromptDatabase(options);
  const repository = new SqlitePromptTemplateRepository({ database });

  const close = async () => {
    if (database.isOpen) database.close();
  };
  return {
    service: createPromptService({
      prompts: new PromptTemplates({ repository, clock, newId }),
      health() {
        database.prepare('SELECT 1 FROM prompt_version LIMIT 1').get();
        return { status: 'UP' };
      },
      close,
    }),
    close,
  };
}
