import type { Clock, Logger } from '@genai-environments/service-kit';
import {
  type DynamoTableClient,
  insist,
  MAX_CHANGES,
  type TableKey,
} from '@genai-environments/service-kit/aws';
import { headKey, isLive, membersOf } from './promptItems';

/** The empty head stays longer than anybody who sweeps. */
const KEEP_HEAD_SECONDS = 7 * 86_400;

type Options = { table: DynamoTableClient; clock: Clock; logger: Logger };
type Template = { clientId: string; name: string };

/**
 * Empties the head, which hides versions and labels at once, then removes them. Who is
 * interrupted in between leaves items that nobody sees and later versions replace;
 * deleting again removes them.
 *
 * @returns how many versions there were
 */
export async function deleteTemplate(
  options: Options,
  template: Template,
): Promise<number> {
  const { table, logger } = options;
  const key = headKey(template.clientId, template.name);
  const { count, life } = await insist({
    attempt: async () => {
      const head = await table.get(key);
      if (!isLive(head)) return { count: 0, life: head?.life ?? 0 };
      const refusals = await table.transact([emptyHead(options, key, head)]);
      return refusals
        ? undefined
        : { count: head.version, life: head.life + 1 };
    },
  });
  try {
    await sweep(table, { ...template, life });
  } catch (error) {
    logger.warn(
      { err: error },
      'Items of a deleted prompt template are left; deleting it again removes them',
    );
  }
  return count;
}

function emptyHead(
  { clock }: Options,
  key: TableKey,
  head: { life: number; version: number },
) {
  return {
    key,
    set: `SET #version = :none, #labels = :none, #life = :next, #expiresAt = :expiresAt
      REMOVE #id, #template, #syntax, #savedAt`,
    when: '#life = :life AND #version = :version',
    names: Object.fromEntries(
      [
        ...['version', 'labels', 'life', 'expiresAt'],
        ...['id', 'template', 'syntax', 'savedAt'],
      ].map(name => [`#${name}`, name]),
    ),
    values: {
      ':none': 0,
      ':life': head.life,
      ':next': head.life + 1,
      ':version': head.version,
      ':expiresAt': Math.ceil(clock.now() / 1000) + KEEP_HEAD_SECONDS,
    },
  };
}

/** Removes what belongs to an earlier life than `life`, whatever is saved meanwhile. */
async function sweep(
  table: DynamoTableClient,
  { clientId, name, life }: Template & { life: number },
): Promise<void> {
  let keys: TableKey[] = [];
  const items = table.query({
    pk: membersOf(clientId, name),
    attributes: ['pk', 'sk', 'life'],
  });
  for await (const item of items) {
    if (item.life >= life) continue;
    keys.push({ pk: item.pk, sk: item.sk });
    if (keys.length < MAX_CHANGES) continue;
    await remove(table, keys, life);
    keys = [];
  }
  await remove(table, keys, life);
}

async function remove(
  table: DynamoTableClient,
  keys: TableKey[],
  life: number,
): Promise<void> {
  let left = keys;
  while (left.length > 0) {
    const refusals = await table.transact(
      left.map(key => ({
        ...{ key, delete: true as const },
        when: 'attribute_not_exists(#life) OR #life < :life',
        names: { '#life': 'life' },
        values: { ':life': life },
      })),
    );
    if (!refusals) return;
    // Those were saved anew meanwhile, and stay.
    left = left.filter((_, index) => !refusals.has(index));
  }
}
