import { AwsError } from './AwsError';

/** One request that reached the fake. */
export type ApiCall = {
  service: string;
  operation: string;
  accountId: string;
  region: string;
  /** Which process sent it; see `FakeAws.processOf`. */
  process: string;
  /** Virtual time. */
  at: number;
  input: Record<string, any>;
};

export type FaultKind =
  /** Refused for its rate; nothing happens. */
  | 'throttle'
  /** Answered by 500; nothing happens. */
  | 'server-error'
  /** Refused for want of permission; nothing happens. */
  | 'deny'
  /** Happens, but the answer is lost. */
  | 'lost-answer'
  /** The caller dies before the call arrives. */
  | 'kill-before'
  /** The call happens, and its caller dies before it has the answer. */
  | 'kill-after';

type Rule = {
  matches: (call: ApiCall) => boolean;
  kind: FaultKind;
  left: number;
};

/** Thrown to cut the connection instead of answering. */
export class Disconnect extends Error {}

/** Which calls go wrong, and how. Test code. */
export class Faults {
  private rules: Rule[] = [];
  private readonly dead = new Set<string>();
  /** Faults that have happened. */
  struck = 0;

  /** The next `times` calls that match go wrong. */
  add(kind: FaultKind, matches: (call: ApiCall) => boolean, times = 1): void {
    this.rules.push({ kind, matches, left: times });
  }

  clear(): void {
    this.rules = [];
  }

  isDead(process: string): boolean {
    return this.dead.has(process);
  }

  /** @throws what the caller gets in place of an answer */
  before(call: ApiCall): FaultKind | undefined {
    if (this.dead.has(call.process)) throw new Disconnect();
    const rule = this.rules.find(
      ({ left, matches }) => left > 0 && matches(call),
    );
    if (!rule) return undefined;
    rule.left--;
    this.struck++;
    if (rule.kind === 'throttle') {
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    }
    if (rule.kind === 'server-error') {
      throw new AwsError('InternalFailure', 'Something broke inside', 500);
    }
    if (rule.kind === 'deny') {
      throw new AwsError('AccessDenied', 'not authorized', 403);
    }
    if (rule.kind === 'kill-before') {
      this.dead.add(call.process);
      throw new Disconnect();
    }
    return rule.kind;
  }

  /** @throws Disconnect when the answer is lost */
  after(call: ApiCall, kind: FaultKind | undefined): void {
    if (kind === 'kill-after') this.dead.add(call.process);
    if (kind) throw new Disconnect();
  }
}
