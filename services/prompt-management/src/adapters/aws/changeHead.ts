import type {
  Change,
  TableItem,
  TableKey,
} from '@genai-environments/service-kit/aws';
import type { VersionItem } from './promptItems';

/** Makes a version the latest one, if the head still is what was read. */
export function changeHead(
  { key, head }: { key: TableKey; head?: TableItem },
  next: Omit<VersionItem, 'pk' | 'sk'>,
): Change {
  return {
    key,
    set: `SET #version = :version, #life = :life, #id = :id, #template = :template,
      #syntax = :syntax, #savedAt = :savedAt, #labels = if_not_exists(#labels, :none)
      REMOVE #expiresAt`,
    when: head
      ? '#life = :life AND #version = :current'
      : 'attribute_not_exists(#life)',
    names: {
      ...Object.fromEntries(Object.keys(next).map(name => [`#${name}`, name])),
      '#labels': 'labels',
      '#expiresAt': 'expiresAt',
    },
    values: {
      ...Object.fromEntries(
        Object.entries(next).map(([name, value]) => [`:${name}`, value]),
      ),
      ':none': 0,
      ...(head ? { ':current': head.version } : {}),
    },
  };
}
