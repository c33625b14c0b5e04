import { Inventory } from './Inventory';

const stack = (name: string) => ({
  ...{ id: name, name, status: 'CREATE_COMPLETE', isDrifted: false },
});

describe('the inventory of stacks', () => {
  it('begins another round after a page that was refused', async () => {
    let now = 0;
    const pages: Array<string | undefined> = [];
    let refuses = false;
    const inventory = new Inventory(
      {
        async listPage(token) {
          pages.push(token);
          if (token && refuses) throw new Error('The token has expired');
          return token
            ? { stacks: [stack('b')] }
            : { stacks: [stack('a')], next: 'second' };
        },
      },
      () => now,
    );
    expect([...(await inventory.get()).keys()]).toEqual(['a', 'b']);
    const later = () => {
      now += 60_000;
      return inventory.get();
    };
    await later();
    refuses = true;
    await expect(later()).rejects.toThrow(/expired/);
    refuses = false;
    expect([...(await later()).keys()]).toEqual(['a', 'b']);
    await later();
    expect(pages.slice(2)).toEqual([undefined, 'second', undefined, 'second']);
  });
});
