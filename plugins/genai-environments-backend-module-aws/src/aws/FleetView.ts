import { STACK_PREFIX } from '../names';
import type { Account } from './Account';
import { Cached } from './Cached';
import type { CloudFormation } from './CloudFormation';
import type { StackSummary } from './stackRecords';
import { Inventory } from './Inventory';

const BUSY_KEPT_FOR_MS = 4000;
const ALARMS_KEPT_FOR_MS = 60_000;
/** Looks into single environments at rest, a minute; each makes six to eight calls. */
const LOOKS_PER_MINUTE = 1;
const MAX_SAVED_LOOKS = 3;

/**
 * What can be asked about all environments of a target at once, so that the calls for
 * those at rest do not grow with their number.
 */
export class FleetView {
  private readonly inventory: Inventory;
  private readonly busy: Cached<Map<string, StackSummary>>;
  private readonly alarms: Cached<string[]>;
  private looks = { left: MAX_SAVED_LOOKS, at: 0 };

  constructor(
    private readonly options: {
      cloudFormation: CloudFormation;
      account: Account;
      now: () => number;
    },
  ) {
    const { cloudFormation, account, now } = options;
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

  /** Whether an environment at rest may be looked into now; a few each minute may. */
  takeLook(): boolean {
    const now = this.options.now();
    const earned = ((now - this.looks.at) / 60_000) * LOOKS_PER_MINUTE;
    const left = Math.min(MAX_SAVED_LOOKS, this.looks.left + earned);
    this.looks = { left: left < 1 ? left : left - 1, at: now };
    return left >= 1;
  }

  /** Something was just begun. */
  forget(): void {
    this.busy.forget();
  }
}
