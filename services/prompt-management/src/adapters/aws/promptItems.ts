import type { TableItem, TableKey } from '@genai-environments/service-kit/aws';
import type { PromptVersion } from '../../domain/PromptTemplate';
import type { PromptSyntax } from '../../domain/templates/CompiledTemplate';
import { type StoredText, unpackText } from './storedText';

/** What a version consists of, as it is stored. */
export type VersionContent = {
  id: string;
  template: StoredText;
  syntax: PromptSyntax;
  /** Milliseconds since 1970. */
  savedAt: number;
};

/** What every item of a template says. */
type Member = TableKey & {
  /** Counts how often a template of this name was begun; items of earlier ones are dead. */
  life: number;
  version: number;
};

/**
 * A template with its latest version. `version` is 0 once it is deleted; the item stays a
 * while, so that `life` goes on counting.
 */
export type Head = Member & Partial<VersionContent> & { labels: number };
export type LiveHead = Member & VersionContent & { labels: number };
export type VersionItem = Member & VersionContent;
/** Carries a copy of the version: it never changes, and is read at once. */
export type LabelItem = VersionItem & { label: string; movedAt: number };

export const LABEL_PREFIX = 'l#';

export function headsOf(clientId: string): string {
  return `prompts#template#${clientId}`;
}

export function headKey(clientId: string, name: string): TableKey {
  return { pk: headsOf(clientId), sk: name };
}

/** Where versions and labels of one template are. */
export function membersOf(clientId: string, name: string): string {
  return `prompts#version#${clientId}#${name}`;
}

export function versionSk(version: number): string {
  return `v#${String(version).padStart(10, '0')}`;
}

export function versionKey(
  clientId: string,
  { name, version }: { name: string; version: number },
): TableKey {
  return { pk: membersOf(clientId, name), sk: versionSk(version) };
}

export function labelKey(
  clientId: string,
  { name, label }: { name: string; label: string },
): TableKey {
  return { pk: membersOf(clientId, name), sk: `${LABEL_PREFIX}${label}` };
}

export function isLive(head: TableItem | undefined): head is LiveHead {
  return head !== undefined && head.version > 0;
}

/** Whether a version or label belongs to the template that there is now. */
export function belongsTo<T extends Member>(
  head: TableItem | undefined,
  item: TableItem | undefined,
): item is T {
  return isLive(head) && item !== undefined && item.life === head.life;
}

export async function toVersion(
  name: string,
  item: Pick<VersionItem, 'id' | 'template' | 'syntax' | 'version'>,
): Promise<PromptVersion> {
  const { id, syntax, version } = item;
  return {
    id,
    name,
    template: await unpackText(item.template),
    syntax,
    version,
  };
}
