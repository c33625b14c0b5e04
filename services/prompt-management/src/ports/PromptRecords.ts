import type { ServiceHealth } from '@genai-environments/service-kit';
import type { PromptTemplateRepository } from './PromptTemplateRepository';

/** Everything that the service keeps, in one place. */
export type PromptRecords = {
  templates: PromptTemplateRepository;
  /** Whether it can be read just now. */
  health(): ServiceHealth | Promise<ServiceHealth>;
  /** Closes what was opened for it. */
  close(): void | Promise<void>;
};
