import {
  type Change,
  type DynamoTableClient,
  insist,
} from '@genai-environments/service-kit/aws';
import type { PromptLabel, PromptVersion } from '../../domain/PromptTemplate';
import {
  belongsTo,
  headKey,
  LABEL_PREFIX,
  type LabelItem,
  labelKey,
  type LiveHead,
  membersOf,
  toVersion,
  versionKey,
  type VersionItem,
} from './promptItems';

type LabelTarget = {
  name: string;
  label: string;
  version: number;
  movedAt: number;
  maxLabels: number;
};

const NAMES = { '#life': 'life', '#version': 'version', '#labels': 'labels' };

/** Labels of templates; the head of a template counts them. */
export class DynamoDbPromptLabels {
  constructor(private readonly options: { table: DynamoTableClient }) {}

  async find(
    clientId: string,
    key: { name: string; label: string },
  ): Promise<PromptVersion | undefined> {
    const [head, item] = await this.options.table.getMany([
      headKey(clientId, key.name),
      labelKey(clientId, key),
    ]);
    return belongsTo<LabelItem>(head, item)
      ? toVersion(key.name, item)
      : undefined;
  }

  move(clientId: string, target: LabelTarget) {
    const { table } = this.options;
    const { movedAt, maxLabels } = target;
    const keys = [
      headKey(clientId, target.name),
      versionKey(clientId, target),
      labelKey(clientId, target),
    ];
    return insist({
      attempt: async () => {
        const [head, version, before] = await table.getMany(keys);
        if (!belongsTo<VersionItem>(head, version))
          return 'no-version' as const;
        const isNew = !belongsTo<LabelItem>(head, before);
        if (isNew && head!.labels >= maxLabels) {
          return 'too-many-labels' as const;
        }
        const item = makeItem(clientId, version, target);
        const refusals = await table.transact(
          isNew
            ? addLabel(head as LiveHead, item, maxLabels)
            : replaceLabel(head as LiveHead, item),
        );
        return refusals ? undefined : { movedAt };
      },
    });
  }

  delete(
    clientId: string,
    key: { name: string; label: string },
  ): Promise<boolean> {
    const { table } = this.options;
    const target = labelKey(clientId, key);
    return insist({
      attempt: async () => {
        const [head, item] = await table.getMany([
          headKey(clientId, key.name),
          target,
        ]);
        if (!belongsTo<LabelItem>(head, item)) return false;
        const refusals = await table.transact([
          {
            ...changeLabels(head as LiveHead, -1),
            when: '#life = :life',
          },
          {
            ...{ key: target, delete: true },
            when: '#life = :life',
            names: { '#life': 'life' },
            values: { ':life': item.life },
          },
        ]);
        return refusals ? undefined : true;
      },
    });
  }

  async list(clientId: string, name: string): Promise<PromptLabel[]> {
    const { table } = this.options;
    const [head, items] = await Promise.all([
      table.get(headKey(clientId, name)),
      table.queryAll({
        pk: membersOf(clientId, name),
        sk: { beginsWith: LABEL_PREFIX },
        attributes: ['life', 'label', 'version', 'movedAt'],
      }),
    ]);
    return items
      .filter(item => belongsTo<LabelItem>(head, item))
      .map(({ label, version, movedAt }) => ({ label, version, movedAt }));
  }
}

function makeItem(
  clientId: string,
  content: VersionItem,
  target: LabelTarget,
): LabelItem {
  const { label, movedAt } = target;
  return { ...content, ...labelKey(clientId, target), label, movedAt };
}

/** Versions never go one by one, so a template that is there has this one, too. */
function replaceLabel(head: LiveHead, item: LabelItem): Change[] {
  return [
    {
      key: keyOf(head),
      when: '#life = :life AND #version >= :version',
      names: { '#life': 'life', '#version': 'version' },
      values: { ':life': head.life, ':version': item.version },
    },
    {
      put: item,
      when: '#life = :life',
      names: { '#life': 'life' },
      values: { ':life': head.life },
    },
  ];
}

function addLabel(
  head: LiveHead,
  item: LabelItem,
  maxLabels: number,
): Change[] {
  const added = changeLabels(head, 1);
  return [
    {
      ...added,
      when: '#life = :life AND #version >= :version AND #labels < :most',
      names: NAMES,
      values: { ...added.values, ':version': item.version, ':most': maxLabels },
    },
    {
      put: item,
      when: 'attribute_not_exists(#life) OR #life <> :life',
      names: { '#life': 'life' },
      values: { ':life': head.life },
    },
  ];
}

function changeLabels(head: LiveHead, amount: number) {
  return {
    key: keyOf(head),
    set: 'ADD #labels :amount',
    names: { '#life': 'life', '#labels': 'labels' } as Record<string, string>,
    values: { ':life': head.life, ':amount': amount },
  };
}

function keyOf({ pk, sk }: LiveHead) {
  return { pk, sk };
}
