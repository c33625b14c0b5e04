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
        syntax: 'classic',
        savedAt: 1000,
      });

    it('counts versions from one', async () => {
      expect(await append('greet', 'Hello')).toEqual({
        id: 'id-0',
        name: 'greet',
        template: 'Hello',
        syntax: 'classic',
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

    it('lists the latest version of each template, page by page', async () => {
      for (const name of ['a', 'b', 'c']) {
        await append(name, 'old');
        await append(name, 'new');
      }
      await append('d', 'of b', { clientId: 'b' });
      const first = await repository.listLatest('a', { limit: 2 });
      const second = await repository.listLatest('a', {
        limit: 2,
        cursor: first.nextCursor,
      });
      expect([...first.items, ...second.items]).toMatchObject(
        ['a', 'b', 'c'].map(name => ({ name, version: 2, template: 'new' })),
      );
      expect(second.nextCursor).toBeUndefined();
      expect((await repository.listLatest('a', {})).items).toHaveLength(3);
    });

    describe('labels', () => {
      const move = (
        label: string,
        version: number,
        more: { clientId?: string; on?: PromptTemplateRepository } = {},
      ) =>
        (more.on ?? repository).moveLabel(more.clientId ?? 'a', {
          name: 'greet',
          label,
          version,
          movedAt: 2000 + version,
          maxLabels: 3,
        });
      const find = (label: string, clientId = 'a') =>
        repository.findLabeled(clientId, { name: 'greet', label });

      beforeEach(async () => {
        for (let version = 1; version <= 5; version++) {
          await append('greet', `v${version}`);
        }
      });

      it('points at a version until it is moved', async () => {
        expect(await find('production')).toBeUndefined();
        expect(await move('production', 1)).toEqual({ movedAt: 2001 });
        expect(await find('production')).toMatchObject({
          version: 1,
          template: 'v1',
        });
        await move('production', 3);
        await move('staging', 5);
        expect(await find('production')).toMatchObject({ template: 'v3' });
        expect(await repository.listLabels('a', 'greet')).toEqual([
          { label: 'production', version: 3, movedAt: 2003 },
          { label: 'staging', version: 5, movedAt: 2005 },
        ]);
      });

      it('never points at what does not exist', async () => {
        expect(await move('production', 6)).toBe('no-version');
        expect(await move('production', 1, { clientId: 'b' })).toBe(
          'no-version',
        );
        expect(await repository.listLabels('a', 'greet')).toEqual([]);
      });

      it('has one value after concurrent moves', async () => {
        const other = storage.open();
        await move('production', 1);
        await Promise.all(
          Array.from({ length: 60 }, async (_, index) => {
            await move('production', (index % 5) + 1, {
              on: index % 2 ? other : repository,
            });
            expect(await find('production')).toBeDefined();
          }),
        );
        expect(await repository.listLabels('a', 'greet')).toHaveLength(1);
        expect(await find('production')).toEqual(
          await other.findLabeled('a', { name: 'greet', label: 'production' }),
        );
      });

      it('holds the most labels under concurrency, and still moves them', async () => {
        const other = storage.open();
        const outcomes = await Promise.all(
          ['a', 'b', 'c', 'd', 'e'].map((label, index) =>
            move(label, 1, { on: index % 2 ? other : repository }),
          ),
        );
        expect(
          outcomes.filter(each => each === 'too-many-labels'),
        ).toHaveLength(2);
        const [{ label }] = await repository.listLabels('a', 'greet');
        expect(await move(label, 2)).toEqual({ movedAt: 2002 });
      });

      it('deletes a label and leaves the version', async () => {
        await move('production', 1);
        const key = { name: 'greet', label: 'production' };
        expect(await repository.deleteLabel('b', key)).toBe(false);
        expect(await repository.deleteLabel('a', key)).toBe(true);
        expect(await repository.deleteLabel('a', key)).toBe(false);
        expect(await find('production')).toBeUndefined();
        expect(
          await repository.findVersion('a', { name: 'greet', version: 1 }),
        ).toBeDefined();
      });

      it('deletes a template with its labels, of one application', async () => {
        await move('production', 1);
        await append('greet', 'of b', { clientId: 'b' });
        expect(await repository.delete('a', 'greet')).toBe(5);
        expect(await repository.delete('a', 'greet')).toBe(0);
        expect(await repository.findLatest('a', 'greet')).toBeUndefined();
        expect(await repository.listLabels('a', 'greet')).toEqual([]);
        expect(await repository.findLatest('b', 'greet')).toBeDefined();

        expect(await append('greet', 'again')).toMatchObject({ version: 1 });
        expect(await find('production')).toBeUndefined();
      });
    });
  });
}
