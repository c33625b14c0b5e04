import type { Page, PageRequest } from '@genai-environments/service-kit';
import type {
  PromptHistory,
  PromptLabel,
  PromptVersion,
} from '../domain/PromptTemplate';
import type { PromptSyntax } from '../domain/templates/CompiledTemplate';

/**
 * Port: keeps versions and labels of prompt templates per application. An application never
 * sees another one's. Lists are complete when no limit is given; cursors are opaque and stay
 * valid while templates are added.
 */
export interface PromptTemplateRepository {
  /**
   * Adds the next version and answers it once it is durable. Concurrent calls, also from
   * several processes, get versions 1, 2, 3 … without gaps or doubles. Not idempotent.
   */
  append(
    clientId: string,
    template: {
      id: string;
      name: string;
      template: string;
      syntax: PromptSyntax;
      savedAt: number;
    },
  ): Promise<PromptVersion>;

  findLatest(
    clientId: string,
    name: string,
  ): Promise<PromptVersion | undefined>;

  findVersion(
    clientId: string,
    key: { name: string; version: number },
  ): Promise<PromptVersion | undefined>;

  /** The version that the label points at, in one read. */
  findLabeled(
    clientId: string,
    key: { name: string; label: string },
  ): Promise<PromptVersion | undefined>;

  /** Ascending; empty when there is no such template. */
  listVersions(
    clientId: string,
    name: string,
    page: PageRequest,
  ): Promise<Page<PromptVersion>>;

  /** By name ascending; a page holds whole templates. */
  list(clientId: string, page: PageRequest): Promise<Page<PromptHistory>>;

  /** The latest version of each template, by name ascending. */
  listLatest(clientId: string, page: PageRequest): Promise<Page<PromptVersion>>;

  /**
   * Deletes all versions and labels of a template at once. Idempotent.
   *
   * @returns how many versions there were
   */
  delete(clientId: string, name: string): Promise<number>;

  /**
   * Points the label at the version, atomically: a label points at one version at any time,
   * also while several processes move it, and never at one that does not exist. Idempotent.
   *
   * @returns `too-many-labels` when it would be a new one beyond `maxLabels`
   */
  moveLabel(
    clientId: string,
    target: {
      name: string;
      label: string;
      version: number;
      movedAt: number;
      maxLabels: number;
    },
  ): Promise<{ movedAt: number } | 'no-version' | 'too-many-labels'>;

  /** Whether there was one. */
  deleteLabel(
    clientId: string,
    key: { name: string; label: string },
  ): Promise<boolean>;

  /** By label ascending; at most as many as `moveLabel` allowed. */
  listLabels(clientId: string, name: string): Promise<PromptLabel[]>;
}
