import type {
  Clock,
  IdGenerator,
  Page,
  PageRequest,
} from '@genai-environments/service-kit';
import type { PromptTemplateRepository } from '../ports/PromptTemplateRepository';
import { noLabel, noTemplate, noVersion } from './errors';
import {
  LATEST_LABEL,
  type PromptHistory,
  type PromptReference,
  type PromptVersion,
} from './PromptTemplate';
import type { TemplateCompiler } from './TemplateCompiler';
import type {
  PromptSyntax,
  PromptVariables,
  VariablesSchema,
} from './templates/CompiledTemplate';
import { TemplateSyntaxError } from './templates/errors';

/** Prompt templates of applications: saved often, never changed, read by version or label. */
export class PromptTemplates {
  constructor(
    private readonly options: {
      repository: PromptTemplateRepository;
      compiler: TemplateCompiler;
      clock: Clock;
      newId: IdGenerator;
    },
  ) {}

  /**
   * Adds the next version of a template.
   *
   * @throws TemplateSyntaxError when its syntax is stated and it cannot be read in it
   */
  async save(
    clientId: string,
    template: { name: string; template: string; syntax?: PromptSyntax },
  ): Promise<PromptVersion> {
    const { repository, compiler, clock, newId } = this.options;
    const { syntax } = template;
    if (syntax) compiler.check(template.template, syntax);
    return repository.append(clientId, {
      ...template,
      syntax: syntax ?? compiler.detect(template.template),
      id: newId(),
      savedAt: clock.now(),
    });
  }

  /** @throws NotFoundError when there is no such template, version or label */
  async get(
    clientId: string,
    reference: PromptReference,
  ): Promise<PromptVersion> {
    const { repository } = this.options;
    const { name, version, label = LATEST_LABEL } = reference;
    if (version !== undefined) {
      const found = await repository.findVersion(clientId, { name, version });
      if (found) return found;
      const { version: latest } = await this.getLatest(clientId, name);
      throw noVersion(name, version, latest);
    }
    if (label === LATEST_LABEL) return this.getLatest(clientId, name);

    const found = await repository.findLabeled(clientId, { name, label });
    if (found) return found;
    await this.getLatest(clientId, name);
    const labels = await repository.listLabels(clientId, name);
    throw noLabel(
      name,
      label,
      labels.map(each => each.label),
    );
  }

  /**
   * The text of a template with its variables filled in.
   *
   * @throws NotFoundError as {@link get} does
   * @throws MissingVariablesError, RenderLimitError, TemplateSyntaxError
   */
  async render(
    clientId: string,
    request: PromptReference & { variables: PromptVariables },
  ): Promise<{ name: string; version: number; text: string }> {
    const prompt = await this.get(clientId, request);
    const compiled = this.options.compiler.compile(prompt);
    const { name, version } = prompt;
    return { name, version, text: compiled.render(request.variables) };
  }

  /** What a template takes; `undefined` when it cannot be read in its syntax. */
  describeVariables(prompt: PromptVersion): VariablesSchema | undefined {
    try {
      return this.options.compiler.compile(prompt).variables;
    } catch (error) {
      if (error instanceof TemplateSyntaxError) return undefined;
      throw error;
    }
  }

  /** @throws NotFoundError when there is no template of that name */
  async listVersions(
    clientId: string,
    name: string,
    page: PageRequest,
  ): Promise<Page<PromptVersion>> {
    await this.getLatest(clientId, name);
    return this.options.repository.listVersions(clientId, name, page);
  }

  /** All templates with their versions, by name. */
  list(clientId: string, page: PageRequest): Promise<Page<PromptHistory>> {
    return this.options.repository.list(clientId, page);
  }

  /** The latest version of each template, by name. */
  listLatest(
    clientId: string,
    page: PageRequest,
  ): Promise<Page<PromptVersion>> {
    return this.options.repository.listLatest(clientId, page);
  }

  /**
   * Deletes a template with its versions and labels; a later save counts from 1 again.
   *
   * @returns how many versions there were
   * @throws NotFoundError when there is no template of that name
   */
  async delete(clientId: string, name: string): Promise<number> {
    const count = await this.options.repository.delete(clientId, name);
    if (count === 0) throw noTemplate(name);
    return count;
  }

  private async getLatest(
    clientId: string,
    name: string,
  ): Promise<PromptVersion> {
    const found = await this.options.repository.findLatest(clientId, name);
    if (!found) throw noTemplate(name);
    return found;
  }
}
