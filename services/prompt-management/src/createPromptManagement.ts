import {
  Clock,
  IdGenerator,
  randomId,
  ServiceDefinition,
  systemClock,
} from '@genai-environments/service-kit';
import { openPromptDatabase } from './adapters/local/database';
import { SqlitePromptTemplateRepository } from './adapters/local/SqlitePromptTemplateRepository';
import { PromptLabels } from './domain/PromptLabels';
import { PromptTemplates } from './domain/PromptTemplates';
import { TemplateCompiler } from './domain/TemplateCompiler';
import { createPrompts, type Prompts } from './Prompts';
import { createPromptService } from './plugin';

export type PromptManagementOptions = {
  /** Keeps `prompt-management.sqlite`. */
  dataDirectory: string;
  clock?: Clock;
  newId?: IdGenerator;
};

export type PromptManagement = {
  service: ServiceDefinition;
  /** What other services of the environment ask of this one. */
  prompts: Prompts;
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

  const templates = new PromptTemplates({
    repository,
    compiler: new TemplateCompiler(),
    clock,
    newId,
  });

  const close = async () => {
    if (database.isOpen) database.close();
  };
  return {
    service: createPromptService({
      templates,
      labels: new PromptLabels({ repository, clock }),
      health() {
        database.prepare('SELECT 1 FROM prompt_version LIMIT 1').get();
        return { status: 'UP' };
      },
      close,
    }),
    prompts: createPrompts(templates),
    close,
  };
}
