import {
  type Clock,
  decodeCursor,
  encodeCursor,
  type Logger,
  oneMore,
  type Page,
  type PageRequest,
} from '@genai-environments/service-kit';
import {
  type DynamoTableClient,
  insist,
} from '@genai-environments/service-kit/aws';
import type {
  PromptHistory,
  PromptLabel,
  PromptVersion,
} from '../../domain/PromptTemplate';
import type { PromptSyntax } from '../../domain/templates/CompiledTemplate';
import type { PromptTemplateRepository } from '../../ports/PromptTemplateRepository';
import { changeHead } from './changeHead';
import { DynamoDbPromptLabels } from './DynamoDbPromptLabels';
import { deleteTemplate } from './deleteTemplate';
import {
  belongsTo,
  headKey,
  headsOf,
  isLive,
  type LiveHead,
  membersOf,
  toVersion,
  versionKey,
  type VersionItem,
  versionSk,
} from './promptItems';
import { packText } from './storedText';
import { Turns } from './Turns';

/** Processes that save one template at once get that many tries each. */
const MAX_ATTEMPTS = 30;
const TEMPLATES_AT_ONCE = 8;

/**
 * Keeps prompt templates in the environment's table.
 *
 * @see docs/adr/0011-one-dynamodb-table.md
 */
export class DynamoDbPromptTemplateRepository
  implements PromptTemplateRepository
{
  private readonly turns = new Turns();
  private readonly labels: DynamoDbPromptLabels;

  constructor(
    private readonly options: {
      table: DynamoTableClient;
      clock: Clock;
      logger: Logger;
    },
  ) {
    this.labels = new DynamoDbPromptLabels(options);
  }

  /**
   * The head and the version are written in one transaction, on the condition that the
   * head still says what was read: a number that was given is always there.
   */
  async append(
    clientId: string,
    prompt: {
      id: string;
      name: string;
      template: string;
      syntax: PromptSyntax;
      savedAt: number;
    },
  ): Promise<PromptVersion> {
    const { table } = this.options;
    const { id, name, template, syntax, savedAt } = prompt;
    const content = { id, template: await packText(template), syntax, savedAt };
    const key = headKey(clientId, name);
    return this.turns.take(`${clientId} ${name}`, async () => {
      let head = await table.get(key);
      return insist({
        maxAttempts: MAX_ATTEMPTS,
        attempt: async () => {
          const version = (head?.version ?? 0) + 1;
          const life = head?.life ?? 1;
          const refusals = await table.transact([
            changeHead({ key, head }, { ...content, version, life }),
            {
              put: {
                ...versionKey(clientId, { name, version }),
                ...{ ...content, version, life },
              },
            },
          ]);
          if (!refusals) return { id, name, template, syntax, version };
          head = refusals.get(0);
          return undefined;
        },
      });
    });
  }

  async findLatest(clientId: string, name: string) {
    const head = await this.options.table.get(headKey(clientId, name));
    return isLive(head) ? toVersion(name, head) : undefined;
  }

  async findVersion(clientId: string, key: { name: string; version: number }) {
    const [head, item] = await this.options.table.getMany([
      headKey(clientId, key.name),
      versionKey(clientId, key),
    ]);
    return belongsTo<VersionItem>(head, item)
      ? toVersion(key.name, item)
      : undefined;
  }

  async listVersions(
    clientId: string,
    name: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<PromptVersion>> {
    const head = await this.options.table.get(headKey(clientId, name));
    if (!isLive(head)) return { items: [] };
    const after = readVersion(cursor);
    const last = Math.min(head.version, after + (limit ?? head.version));
    return {
      items: await this.readVersions(clientId, {
        ...{ name, head, from: after + 1, to: last },
      }),
      ...(last < head.version ? { nextCursor: encodeCursor(last) } : {}),
    };
  }

  async list(
    clientId: string,
    page: PageRequest,
  ): Promise<Page<PromptHistory>> {
    const { items: heads, nextCursor } = await this.listHeads(clientId, page);
    const items: PromptHistory[] = [];
    for (let start = 0; start < heads.length; start += TEMPLATES_AT_ONCE) {
      const some = heads.slice(start, start + TEMPLATES_AT_ONCE);
      items.push(
        ...(await Promise.all(
          some.map(async head => ({
            name: head.sk,
            versions: await this.readVersions(clientId, {
              ...{ name: head.sk, head, from: 1, to: head.version },
            }),
          })),
        )),
      );
    }
    return { items, ...(nextCursor === undefined ? {} : { nextCursor }) };
  }

  async listLatest(
    clientId: string,
    page: PageRequest,
  ): Promise<Page<PromptVersion>> {
    const { items, nextCursor } = await this.listHeads(clientId, page);
    return {
      items: await Promise.all(items.map(head => toVersion(head.sk, head))),
      ...(nextCursor === undefined ? {} : { nextCursor }),
    };
  }

  delete(clientId: string, name: string): Promise<number> {
    return deleteTemplate(this.options, { clientId, name });
  }

  moveLabel(
    clientId: string,
    target: {
      name: string;
      label: string;
      version: number;
      movedAt: number;
      maxLabels: number;
    },
  ) {
    return this.labels.move(clientId, target);
  }

  findLabeled(clientId: string, key: { name: string; label: string }) {
    return this.labels.find(clientId, key);
  }

  deleteLabel(clientId: string, key: { name: string; label: string }) {
    return this.labels.delete(clientId, key);
  }

  listLabels(clientId: string, name: string): Promise<PromptLabel[]> {
    return this.labels.list(clientId, name);
  }

  private async listHeads(
    clientId: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<LiveHead>> {
    const after =
      cursor === undefined ? '' : decodeCursor(cursor).slice(0, 200);
    const heads: LiveHead[] = [];
    const all = this.options.table.query({
      pk: headsOf(clientId),
      ...(after === '' ? {} : { sk: { after } }),
      pageSize: oneMore(limit),
    });
    for await (const head of all) {
      if (!isLive(head)) continue;
      if (heads.length === limit) {
        return { items: heads, nextCursor: encodeCursor(heads.at(-1)!.sk) };
      }
      heads.push(head);
    }
    return { items: heads };
  }

  private async readVersions(
    clientId: string,
    range: { name: string; head: LiveHead; from: number; to: number },
  ): Promise<PromptVersion[]> {
    const { name, head, from, to } = range;
    if (from > to) return [];
    const items = await this.options.table.queryAll({
      pk: membersOf(clientId, name),
      sk: { from: versionSk(from), to: versionSk(to) },
    });
    return Promise.all(
      items
        .filter(item => belongsTo<VersionItem>(head, item))
        .map(item => toVersion(name, item as VersionItem)),
    );
  }
}

/** A cursor that nobody was given begins at the first version. */
function readVersion(cursor: string | undefined): number {
  const version = cursor === undefined ? 0 : Number(decodeCursor(cursor));
  return Number.isSafeInteger(version) && version > 0 ? version : 0;
}
