import { Turns } from './Turns';

const { signal } = new AbortController();
const settled = () => new Promise(resolve => setImmediate(resolve));

describe('Turns', () => {
  it('lets one wait for another, in the order in which they came', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const take = (name: string) =>
      turns.take(signal).then(end => {
        order.push(name);
        return end;
      });
    const [first, second, third] = [take('a'), take('b'), take('c')];
    const end = await first;
    await settled();
    expect(order).toEqual(['a']);
    end();
    end();
    (await second)();
    await third;
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('goes on without who gave up waiting', async () => {
    const turns = new Turns();
    const end = await turns.take(signal);
    const impatient = new AbortController();
    const given = turns.take(impatient.signal);
    const next = turns.take(signal);
    impatient.abort(new Error('No time'));
    await expect(given).rejects.toThrow('No time');
    end();
    await next;
  });
});
