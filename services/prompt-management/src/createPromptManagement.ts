import {
  Clock,
  IdGenerator,
  randomId,
  ServiceDefinition,
  systemClock,
} from '@genai-environments/service-kit';
import { openSqliteRecords } from './adapters/local/openSqliteRecords';
import { PromptLabels } from './domain/PromptLabels';
import { PromptTemplates } from './domain/PromptTemplates';
import { TemplateCompiler } from './domain/TemplateCompiler';
import { createPrompts, type Prompts } from './Prompts';
import { createPromptService } from './plugin';
import type { PromptRecords } from './ports/PromptRecords';

/** Where it keeps what it keeps: one of the two. */
type Storage =
  /** Of `createDynamoDbRecords`; closed with the service. */
  | { records: PromptRecords; dataDirectory?: undefined }
  /** Gets `prompt-management.sqlite`. */
  | { dataDirectory: string; records?: undefined };

export type PromptManagementOptions = Storage & {
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

/** Builds the service, on its local adapters unless it is given others. */
export function createPromptManagement(
  options: PromptManagementOptions,
): PromptManagement {
  const { clock = systemClock, newId = randomId } = options;
  const records = options.records ?? openSqliteRecords(options);
  const { templates: repository } = records;
  const templates = new PromptTemplates({
    repository,
    compiler: new TemplateCompiler(),
    clock,
    newId,
  });

  let closed: Promise<void> | undefined;
  const close = () => (closed ??= Promise.resolve(records.close()));
  return {
    service: createPromptService({
      templates,
      labels: new PromptLabels({ repository, clock }),
      health: () => records.health(),
      close,
    }),
    prompts: createPrompts(templates),
    close,
  };
}
