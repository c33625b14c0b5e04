import {
  Clock,
  IdGenerator,
  NotFoundError,
} from '@genai-environments/service-kit';
import type { PromptTemplateRepository } from '../ports/PromptTemplateRepository';
import type {
  Page,
  PageRequest,
  PromptHistory,
  PromptVersion,
} from './PromptTemplate';

/** Prompt templates of applications: saved often, never changed, read by version. */
export class PromptTemplates {
  constructor(
    private readonly options: {
      repository: PromptTemplateRepository;
      clock: Clock;
      newId: IdGenerator;
    },
  ) {}

  /** Adds the next version of a template. */
  save(
    clientId: string,
    template: { name: string; template: string },
  ): Promise<PromptVersion> {
    const { repository, clock, newId } = this.options;
    return repository.append(clientId, {
      ...template,
      id: newId(),
      savedAt: clock.now(),
    });
  }

  /** @throws NotFoundError when there is no template of that name */
  async getLatest(clientId: string, name: string): Promise<PromptVersion> {
    const found = await this.options.repository.findLatest(clientId, name);
    if (!found) throw noTemplate(name);
    return found;
  }

  /** @throws NotFoundError when there is no such template or version */
  async getVersion(
    clientId: string,
    key: { name: string; version: number },
  ): Promise<PromptVersion> {
    const { repository } = this.options;
    const found = await repository.findVersion(clientId, key);
    if (found) return found;

    const latest = await repository.findLatest(clientId, key.name);
    if (!latest) throw noTemplate(key.name);
    throw new NotFoundError(
      `Prompt template "${key.name}" has no version ${key.version}. Its versions are 1 to ${latest.version}.`,
      { code: 'prompt_version_not_found' },
    );
  }

  /** @throws NotFoundError when there is no template of that name */
  async listVersions(
    clientId: string,
    name: string,
    page: PageRequest,
  ): Promise<Page<PromptVersion>> {
    const { repository } = this.options;
    if (!(await repository.findLatest(clientId, name))) throw noTemplate(name);
    return repository.listVersions(clientId, name, page);
  }

  /** All templates with their versions, by name. */
  list(clientId: string, page: PageRequest): Promise<Page<PromptHistory>> {
    return this.options.repository.list(clientId, page);
  }
}

function noTemplate(name: string): NotFoundError {
  return new NotFoundError(
    `There is no prompt template "${name}". Save it first, or list the ones there are.`,
    { code: 'prompt_template_not_found' },
  );
}
