import type { CloudFormation } from './CloudFormation';
import type { StackSummary } from './stackRecords';

/** Pages are read one after the other, not in bursts. */
const PAGE_EVERY_MS = 15_000;

/**
 * All stacks of an account and region. Read at once in the beginning, and then page by
 * page over and over, so that the number of calls a minute stays the same however many
 * stacks there are; what is known is as old as one round.
 */
export class Inventory {
  private stacks?: Map<string, StackSummary>;
  private first?: Promise<void>;
  private round = new Map<string, StackSummary>();
  private token?: string;
  private readAt = 0;
  private reading?: Promise<void>;

  constructor(
    private readonly cloudFormation: Pick<CloudFormation, 'listPage'>,
    private readonly now: () => number,
  ) {}

  /** @throws AwsCallError */
  async get(): Promise<Map<string, StackSummary>> {
    if (!this.stacks) {
      this.first ??= this.readAll().finally(() => {
        this.first = undefined;
      });
      await this.first;
    } else if (!this.reading && this.now() - this.readAt >= PAGE_EVERY_MS) {
      this.readAt = this.now();
      this.reading = this.readNext().finally(() => {
        this.reading = undefined;
      });
      await this.reading;
    }
    return this.stacks!;
  }

  private async readAll(): Promise<void> {
    do await this.readNext();
    while (this.token);
    this.readAt = this.now();
  }

  private async readNext(): Promise<void> {
    const { stacks, next } = await this.readPage();
    for (const stack of stacks) this.round.set(stack.name, stack);
    this.token = next;
    if (next) return;
    this.stacks = this.round;
    this.round = new Map();
  }

  /** A token that was refused once is refused for ever: the next round starts anew. */
  private async readPage() {
    try {
      return await this.cloudFormation.listPage(this.token);
    } catch (error) {
      this.token = undefined;
      this.round = new Map();
      throw error;
    }
  }
}
