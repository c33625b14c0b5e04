import { createLogger } from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import { createTestTable } from '@genai-environments/service-kit/aws-testing';
import { promptTemplateRepositoryContract } from '../../ports/testing/promptTemplateRepositoryContract';
import { DynamoDbPromptTemplateRepository } from './DynamoDbPromptTemplateRepository';
import { headKey, membersOf } from './promptItems';

jest.setTimeout(60_000);

const clock = { now: () => Date.parse('2026-01-31T12:00:00Z') };
const logger = createLogger({ level: 'silent' });

async function setUp() {
  const { table, tearDown } = await createTestTable();
  return {
    table,
    open: () => new DynamoDbPromptTemplateRepository({ table, clock, logger }),
    tearDown,
  };
}

describe('DynamoDbPromptTemplateRepository', () => {
  promptTemplateRepositoryContract({ setUp });

  describe('beyond the contract', () => {
    let table: DynamoTableClient;
    let repository: DynamoDbPromptTemplateRepository;
    let tearDown: () => Promise<void>;
    beforeEach(async () => {
      const storage = await setUp();
      ({ table, tearDown } = storage);
      repository = storage.open();
    });
    afterEach(() => tearDown());

    const append = (template: string) =>
      repository.append('a', {
        ...{ id: `id of ${template.slice(0, 9)}`, name: 'greet', template },
        ...{ syntax: 'classic' as const, savedAt: 1000 },
      });
    const members = () => table.queryAll({ pk: membersOf('a', 'greet') });

    it('keeps the longest templates that routes let through', async () => {
      const letters = Array.from({ length: 3000 }, (_, n) =>
        String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000)),
      );
      const template = letters.join('').repeat(67).slice(0, 200_000);
      await append(template);
      expect(await repository.findLatest('a', 'greet')).toMatchObject({
        template,
      });
      expect(
        await repository.findVersion('a', { name: 'greet', version: 1 }),
      ).toMatchObject({ template });
    });

    it('leaves nothing of a large template but a head that expires', async () => {
      await table.putMany(
        Array.from({ length: 250 }, (_, index) => ({
          pk: membersOf('a', 'greet'),
          sk: `v#${String(index + 1).padStart(10, '0')}`,
          ...{ life: 1, version: index + 1 },
        })),
      );
      await table.putMany([
        {
          ...headKey('a', 'greet'),
          ...{ life: 1, version: 250, labels: 0 },
          ...{ id: 'x', template: 'x', syntax: 'classic', savedAt: 1 },
        },
      ]);
      expect(await repository.delete('a', 'greet')).toBe(250);
      expect(await members()).toEqual([]);
      expect(await table.get(headKey('a', 'greet'))).toEqual({
        ...headKey('a', 'greet'),
        ...{ life: 2, version: 0, labels: 0 },
        expiresAt: Date.parse('2026-02-07T12:00:00Z') / 1000,
      });
      expect((await repository.list('a', {})).items).toEqual([]);
    });

    it('does not show what an interrupted delete left, and replaces it', async () => {
      for (const text of ['one', 'two', 'three']) await append(text);
      await repository.moveLabel('a', {
        ...{ name: 'greet', label: 'live', version: 3 },
        ...{ movedAt: 1, maxLabels: 5 },
      });
      const left = await members();
      await repository.delete('a', 'greet');
      await table.putMany(left);

      expect(await append('anew')).toMatchObject({ version: 1 });
      const { items } = await repository.listVersions('a', 'greet', {});
      expect(items.map(({ template }) => template)).toEqual(['anew']);
      expect(
        await repository.findVersion('a', { name: 'greet', version: 2 }),
      ).toBeUndefined();
      const label = { name: 'greet', label: 'live' };
      expect(await repository.findLabeled('a', label)).toBeUndefined();
      expect(await repository.listLabels('a', 'greet')).toEqual([]);
      expect(await append('again')).toMatchObject({ version: 2 });
      const head = await table.get(headKey('a', 'greet'));
      expect(head).not.toHaveProperty('expiresAt');
    });

    it('takes up a delete that was interrupted', async () => {
      await append('one');
      const left = await members();
      await repository.delete('a', 'greet');
      await table.putMany(left);
      expect(await repository.delete('a', 'greet')).toBe(0);
      expect(await members()).toEqual([]);
    });

    it('begins at the start for cursors that nobody was given', async () => {
      await append('one');
      for (const cursor of ['', '!', 'LTE', 'x'.repeat(2000)]) {
        const page = { limit: 1, cursor };
        await repository.list('a', page);
        expect(
          (await repository.listVersions('a', 'greet', page)).items,
        ).toHaveLength(1);
      }
    });
  });
});
