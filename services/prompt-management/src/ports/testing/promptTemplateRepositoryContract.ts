// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { PromptTemplateRepository } from '../PromptTemplateRepository';

/** What every repository must do. `open` gives a view on the same storage each time. */
export function promptTemplateRepositoryContract(options: {
  setUp(): Promise<{
    open(): PromptTemplateRepository;
    tearDown(): Promise<void>;
  }>;
}): void {
  describe('contract of PromptTemplateRepository', () => {
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let repository: PromptTemplateRepository;
    let counter: number;

    beforeEach(async () => {
      counter = 0;
      storage = await options.setUp();
      repository = storage.open();
    });
    afterEach(() => storage.tearDown());

    const append = (
      name: string,
      template: string,
      more: { clientId?: string; on?: PromptTemplateRepository } = {},
    ) =>
      (more.on ?? repository).append(more.clientId ?? 'a', {
        id: `id-${counter++}`,
        name,
        template,
        savedAt: 1000,
      });

    it('counts versions from one', async () => {
      expect(await append('greet', 'Hello')).toEqual({
        id: 'id-0',
        name: 'greet',
        template: 'Hello',
        version: 1,
      });
      expect(await append('greet', 'Hi')).toMatchObject({ version: 2 });
      expect(await append('other', 'x')).toMatchObject({ version: 1 });
    });

    it('leaves no gap and makes no double under concurrent saves', async () => {
      const other = storage.open();
      const saved = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          append('greet', `Hello ${index}`, {
            on: index % 2 ? other : repository,
          }),
        ),
      );
      expect(saved.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, index) => index + 1),
      );
      const { items } = await repository.listVersions('a', 'greet', {});
      for (const version of saved) expect(items).toContainEqual(version);
    });

    it('finds the latest and every earlier version', async () => {
      await append('greet', 'Hello');
      await append('greet', 'Hi');
      expect(await repository.findLatest('a', 'greet')).toMatchObject({
        template: 'Hi',
        version: 2,
      });
      expect(
        await repository.findVersion('a', { name: 'greet', version: 1 }),
      ).toMatchObject({ template: 'Hello' });
      expect(
        await repository.findVersion('a', { name: 'greet', version: 3 }),
      ).toBeUndefined();
      expect(await repository.findLatest('a', 'nope')).toBeUndefined();
    });

    it('keeps applications apart', async () => {
      await append('greet', 'of a');
      expect(await append('greet', 'of b', { clientId: 'b' })).toMatchObject({
        version: 1,
      });
      expect(await repository.findLatest('a', 'greet')).toMatchObject({
        template: 'of a',
      });
      expect(await repository.findLatest('c', 'greet')).toBeUndefined();
      expect((await repository.list('c', {})).items).toEqual([]);
      expect((await repository.listVersions('c', 'greet', {})).items).toEqual(
        [],
      );
    });

    it('lists everything when no limit is given', async () => {
      await append('zeta', 'z1');
      await append('Ärger', 'ä1');
      await append('alpha', 'a1');
      await append('alpha', 'a2');
      const { items, nextCursor } = await repository.list('a', {});
      expect(nextCursor).toBeUndefined();
      expect(
        items.map(({ name, versions }) => [
          name,
          versions.map(({ template }) => template),
        ]),
      ).toEqual([
        ['alpha', ['a1', 'a2']],
        ['zeta', ['z1']],
        ['Ärger', ['ä1']],
      ]);
    });

    it('pages through templates and versions, each once', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        await append(name, '1');
        await append(name, '2');
      }
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await repository.list('a', { limit: 2, cursor });
        names.push(...page.items.map(({ name }) => name));
        for (const { versions } of page.items) expect(versions).toHaveLength(2);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);

      const first = await repository.listVersions('a', 'a', { limit: 1 });
      const second = await repository.listVersions('a', 'a', {
        limit: 1,
        cursor: first.nextCursor,
      });
      expect([...first.items, ...second.items]).toMatchObject([
        { version: 1 },
        { version: 2 },
      ]);
      expect(second.nextCursor).toBeUndefined();
    });
  });
}
