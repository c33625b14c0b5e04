import { STACK_PREFIX } from '../names';
import type { Account } from './Account';
import { Cached } from './Cached';
import type { CloudFormation } from './CloudFormation';
import type { StackSummary } from './stackRecords';
import { Inventory } from './Inventory';
import { Turns } from './Turns';

const BUSY_KEPT_FOR_MS = 4000;
const ALARMS_KEPT_FOR_MS = 60_000;

/**
 * What can be asked about all environments of a target at once, so that the calls for
 * those at rest do not grow with their number.
 */
export class FleetView {
  /** Looks into single environments at rest; each makes six to eight calls. */
  readonly turns: Turns;
  private readonly inventory: Inventory;
  private readonly busy: Cached<Map<string, StackSummary>>;
  private readonly alarms: Cached<string[]>;

  constructor(options: {
    cloudFormation: CloudFormation;
    account: Account;
    now: () => number;
    random?: () => number;
  }) {
    const { cloudFormation, account, now, random } = options;
    this.turns = new Turns({ now, random });
    this.inventory = new Inventory(cloudFormation, now);
    this.busy = new Cached(now, BUSY_KEPT_FOR_MS, async () => {
      const stacks = await cloudFormation.listBusy();
      return new Map(stacks.map(stack => [stack.name, stack]));
    });
    this.alarms = new Cached(now, ALARMS_KEPT_FOR_MS, () =>
      account.findAlarms(STACK_PREFIX),
    );
  }

  /** As it was some minutes ago. */
  async findStack(name: string): Promise<StackSummary | undefined> {
    return (await this.inventory.get()).get(name);
  }

  /** The stack, if CloudFormation was at work on it a few seconds ago. */
  async findBusy(name: string): Promise<StackSummary | undefined> {
    return (await this.busy.get()).get(name);
  }

  /** Stacks that CloudFormation is at work on. */
  async countBusy(): Promise<number> {
    return (await this.busy.get()).size;
  }

  /** Alarms of a stack that ring, at most a minute ago. */
  async alarmsOf(stackName: string): Promise<string[]> {
    const ringing = await this.alarms.get();
    return ringing.filter(name => name.startsWith(`${stackName}-`));
  }

  /** Something was just begun. */
  forget(): void {
    this.busy.forget();
  }
}
