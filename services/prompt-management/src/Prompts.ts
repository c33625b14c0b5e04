import type { PromptReference, PromptVersion } from './domain/PromptTemplate';
import type { PromptTemplates } from './domain/PromptTemplates';
import type {
  PromptVariables,
  VariablesSchema,
} from './domain/templates/CompiledTemplate';

/** A template as a list shows it. */
export type PromptDescription = {
  name: string;
  /** The latest one. */
  version: number;
  /** Absent when the template cannot be rendered here. */
  variables?: VariablesSchema;
};

/** The service as other services of the same environment see it. */
export type Prompts = {
  /**
   * Fills a template in. Rejects with `NotFoundError`, or with `SchemaViolationError` that
   * names every missing variable.
   */
  render(
    clientId: string,
    request: PromptReference & { variables: PromptVariables },
  ): Promise<{ text: string; version: number }>;

  /** The templates of an application by name; `nextCursor` is absent on the last page. */
  list(
    clientId: string,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: PromptDescription[]; nextCursor?: string }>;

  /** One template. Rejects with `NotFoundError`. */
  describe(
    clientId: string,
    reference: PromptReference,
  ): Promise<PromptDescription>;
};

/** Makes the face that the runtime hands to other services. */
export function createPrompts(templates: PromptTemplates): Prompts {
  function describe(prompt: PromptVersion): PromptDescription {
    const { name, version } = prompt;
    const variables = templates.describeVariables(prompt);
    return { name, version, ...(variables ? { variables } : {}) };
  }
  return {
    render: (clientId, request) => templates.render(clientId, request),
    describe: async (clientId, reference) =>
      describe(await templates.get(clientId, reference)),
    async list(clientId, page) {
      const { items, nextCursor } = await templates.listLatest(clientId, page);
      return {
        items: items.map(describe),
        ...(nextCursor === undefined ? {} : { nextCursor }),
      };
    },
  };
}
