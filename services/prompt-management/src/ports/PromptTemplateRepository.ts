import type {
  Page,
  PageRequest,
  PromptHistory,
  PromptVersion,
} from '../domain/PromptTemplate';

/**
 * Port: keeps versions of prompt templates per application. An application never sees
 * another one's. Lists are complete when no limit is given; cursors are opaque and stay
 * valid while templates are added.
 */
export interface PromptTemplateRepository {
  /**
   * Adds the next version and answers it once it is durable. Concurrent calls, also from
   * several processes, get versions 1, 2, 3 … without gaps or doubles. Not idempotent.
   */
  append(
    clientId: string,
    template: { id: string; name: string; template: string; savedAt: number },
  ): Promise<PromptVersion>;

  findLatest(
    clientId: string,
    name: string,
  ): Promise<PromptVersion | undefined>;

  findVersion(
    clientId: string,
    key: { name: string; version: number },
  ): Promise<PromptVersion | undefined>;

  /** Ascending; empty when there is no such template. */
  listVersions(
    clientId: string,
    name: string,
    page: PageRequest,
  ): Promise<Page<PromptVersion>>;

  /** By name ascending; a page holds whole templates. */
  list(clientId: string, page: PageRequest): Promise<Page<PromptHistory>>;
}
