import type { Queue, QueueMessage } from '../Queue';

type Body = { id: number; text?: string };

/** A queue of the adapter under test; each `setUp` makes an empty one. */
export type QueueUnderTest = {
  /** A view on the same queue each time, as another process would have it. */
  open(): Queue<Body>;
  /** Lets so much time pass for the queue. */
  pass(seconds: number): Promise<void>;
  tearDown(): Promise<void>;
  /** `false`: consumers at the same moment may now and then get the same message. */
  isExclusive?: boolean;
};

/** What every queue must do. */
export function queueContract(options: {
  setUp(): Promise<QueueUnderTest>;
}): void {
  describe('contract of Queue', () => {
    let under: QueueUnderTest;
    let queue: Queue<Body>;

    beforeEach(async () => {
      under = await options.setUp();
      queue = under.open();
    });
    afterEach(() => under.tearDown());

    const receive = (
      more: Partial<Parameters<Queue<Body>['receive']>[0]> & {
        on?: Queue<Body>;
      } = {},
    ) => {
      const { on = queue, ...rest } = more;
      return on.receive({
        max: 10,
        visibilityTimeoutSeconds: 2,
        waitSeconds: 0,
        ...rest,
      });
    };
    const receiveOne = async (on?: Queue<Body>) => {
      const [message] = await receive({ max: 1, waitSeconds: 2, on });
      return message;
    };
    const ids = (messages: Array<QueueMessage<Body>>) =>
      messages.map(({ body }) => body.id).sort((a, b) => a - b);

    it('hands out what was sent, with its body', async () => {
      await queue.send([{ id: 1, text: 'Größe "x" 🙂' }]);
      expect(await receiveOne(under.open())).toMatchObject({
        body: { id: 1, text: 'Größe "x" 🙂' },
        deliveries: 1,
      });
    });

    it('takes no body and many bodies', async () => {
      await queue.send([]);
      await queue.send(Array.from({ length: 25 }, (_, id) => ({ id })));
      const received: Array<QueueMessage<Body>> = [];
      while (received.length < 25) {
        const messages = await receive({ waitSeconds: 1 });
        expect(messages.length).toBeLessThanOrEqual(10);
        expect(messages).not.toEqual([]);
        received.push(...messages);
      }
      expect(ids(received)).toEqual(Array.from({ length: 25 }, (_, id) => id));
    });

    it('takes bodies of 200 KiB and refuses larger ones', async () => {
      const text = 'x'.repeat(200 * 1024 - 20);
      await queue.send([
        { id: 1, text },
        { id: 2, text },
      ]);
      expect((await receiveOne()).body.text).toHaveLength(text.length);
      await expect(
        queue.send([{ id: 3, text: 'x'.repeat(200 * 1024) }]),
      ).rejects.toMatchObject({ code: 'message_too_large' });
    });

    it('hides a message from others until its timeout has passed', async () => {
      await queue.send([{ id: 1 }]);
      const first = await receiveOne();
      expect(await receive({ on: under.open() })).toEqual([]);
      await under.pass(2.2);
      const second = await receiveOne();
      expect(second).toMatchObject({ id: first.id, deliveries: 2 });
      expect(second.receipt).not.toBe(first.receipt);
    });

    it('hands each message to one of many consumers', async () => {
      await queue.send(Array.from({ length: 30 }, (_, id) => ({ id })));
      const consumers = Array.from({ length: 6 }, () => under.open());
      const batches = await Promise.all(
        consumers.flatMap(on =>
          [1, 2, 3].map(() =>
            receive({ on, max: 5, visibilityTimeoutSeconds: 60 }),
          ),
        ),
      );
      const received = ids(batches.flat());
      const distinct = new Set(received).size;
      expect(distinct).toBeGreaterThan(0);
      expect(received.length).toBeLessThanOrEqual(
        under.isExclusive === false ? distinct + 10 : distinct,
      );
    });

    it('forgets what was deleted', async () => {
      await queue.send([{ id: 1 }]);
      await queue.delete(await receiveOne());
      await under.pass(2.2);
      expect(await receive()).toEqual([]);
      expect(await queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 0 });
    });

    it('keeps a message invisible for longer', async () => {
      await queue.send([{ id: 1 }]);
      const message = await receiveOne();
      expect(await queue.extend(message, 60)).toBe(true);
      await under.pass(2.2);
      expect(await receive()).toEqual([]);
    });

    it('gives a message back at once', async () => {
      await queue.send([{ id: 1 }]);
      await queue.extend(await receiveOne(), 0);
      expect(await receiveOne()).toMatchObject({ deliveries: 2 });
    });

    it('gives a message back as if it had not been delivered', async () => {
      await queue.send([{ id: 1 }]);
      const first = await receiveOne();
      await queue.giveBack(first);
      const second = await receiveOne(under.open());
      expect(second).toMatchObject({ body: { id: 1 }, deliveries: 1 });
      await queue.giveBack(first);
      expect(await receive()).toEqual([]);
      await under.open().giveBack(second, { delaySeconds: 2 });
      expect(await receive()).toEqual([]);
      await under.pass(2.2);
      expect(await receiveOne()).toMatchObject({ deliveries: 1 });
      expect(await receive()).toEqual([]);
    });

    it('does not extend what is deleted', async () => {
      await queue.send([{ id: 1 }]);
      const message = await receiveOne();
      await queue.delete(message);
      expect(await queue.extend(message, 10)).toBe(false);
      await expect(queue.delete(message)).resolves.toBeUndefined();
    });

    it('holds a message back as long as was asked', async () => {
      await queue.send([{ id: 1 }], { delaySeconds: 2 });
      expect(await receive()).toEqual([]);
      await under.pass(2.2);
      expect(await receiveOne()).toMatchObject({ body: { id: 1 } });
    });

    it('keeps what was buried, with the reason', async () => {
      await queue.send([{ id: 1 }]);
      await queue.bury(await receiveOne(), 'The file is encrypted — größer.');
      await under.pass(2.2);
      expect(await receive()).toEqual([]);
      const [dead, ...others] = await under.open().listDead({ limit: 5 });
      expect(others).toEqual([]);
      expect(dead).toMatchObject({
        body: { id: 1 },
        reason: 'The file is encrypted — größer.',
      });
      expect(await queue.counts()).toMatchObject({ ready: 0, dead: 1 });
    });

    it('counts what waits and what is in hand', async () => {
      await queue.send([{ id: 1 }, { id: 2 }, { id: 3 }]);
      await receive({ max: 1, visibilityTimeoutSeconds: 60 });
      expect(await queue.counts()).toEqual({ ready: 2, inFlight: 1, dead: 0 });
    });

    it('answers an empty list when the wait is over', async () => {
      expect(await receive({ waitSeconds: 1 })).toEqual([]);
    });

    it('answers an empty list when the wait is broken off', async () => {
      const controller = new AbortController();
      const waiting = receive({ waitSeconds: 20, signal: controller.signal });
      controller.abort();
      expect(await waiting).toEqual([]);
      const { signal } = controller;
      expect(await receive({ waitSeconds: 20, signal })).toEqual([]);
    });

    it('wakes who waits when somebody else sends', async () => {
      const waiting = receive({ waitSeconds: 20 });
      await under.open().send([{ id: 1 }]);
      expect(ids(await waiting)).toEqual([1]);
    });
  });
}
