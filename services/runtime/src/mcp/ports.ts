/** What the MCP endpoint asks of the services of its environment; each may be missing. */
export type McpPorts = {
  search?: McpSearch;
  answers?: McpAnswers;
  prompts?: McpPrompts;
};

export type FoundPassage = {
  text: string;
  score: number;
  fileName: string;
  /** Counts from 1; absent when the document has no pages. */
  pageNumber?: number;
  chunkId: string;
};

/** Port: finds passages in an index of an application. Rejects with a `DomainError`. */
export type McpSearch = (
  clientId: string,
  request: {
    indexId: string;
    query: string;
    topK: number;
    mode: 'vector' | 'hybrid';
    filter?: Record<string, unknown>;
  },
) => Promise<FoundPassage[]>;

/**
 * Port: answers a question from an index of an application; books usage and obeys limits.
 * Rejects with a `DomainError`. Aborting the signal ends the call of the model.
 */
export type McpAnswers = (
  clientId: string,
  request: {
    indexId: string;
    question: string;
    model?: string;
    topK?: number;
    filter?: Record<string, unknown>;
  },
  options: { signal: AbortSignal },
) => Promise<{
  text: string;
  /** Absent when nothing was found, and so no model was asked. */
  model?: string;
  /** Passages the answer rests on. */
  citations: FoundPassage[];
}>;

export type McpPrompt = {
  name: string;
  version: number;
  /** Absent when the template cannot be rendered. */
  variables?: { properties: Record<string, unknown>; required: string[] };
};

/** Port: prompt templates of an application, by name. Rejects with a `DomainError`. */
export interface McpPrompts {
  /** `nextCursor` is absent on the last page. */
  list(
    clientId: string,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: McpPrompt[]; nextCursor?: string }>;

  render(
    clientId: string,
    request: {
      name: string;
      version?: number;
      label?: string;
      variables: Record<string, unknown>;
    },
  ): Promise<{ text: string; version: number }>;
}
