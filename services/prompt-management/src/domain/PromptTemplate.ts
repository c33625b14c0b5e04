/** One version of a prompt template. */
export type PromptVersion = {
  id: string;
  name: string;
  template: string;
  /** Counts from 1 without gaps, per application and name. */
  version: number;
};

/** A template with all its versions, ascending. */
export type PromptHistory = { name: string; versions: PromptVersion[] };

/** Part of a list; `cursor` is what the last page answered as `nextCursor`. */
export type PageRequest = { limit?: number; cursor?: string };

/** `nextCursor` is absent on the last page. */
export type Page<T> = { items: T[]; nextCursor?: string };
