/** What may be used at most; an absent limit does not hold. */
export type Limits = {
  requestsPerMinute?: number;
  /** Input and output together. */
  tokensPerMinute?: number;
  /** Days and months are those of UTC. */
  tokensPerDay?: number;
  tokensPerMonth?: number;
  /** Millionths of a US dollar. */
  microUsdPerDay?: number;
  microUsdPerMonth?: number;
};

export type LimitName = keyof Limits;

/** How one limit stands. */
export type LimitState = {
  name: LimitName;
  limit: number;
  /** What was used in the period and what calls in flight hold. */
  used: number;
  left: number;
  /** ISO 8601, UTC. */
  resetsAt: string;
};

/** Port: limits of applications, or, without a client id, of the environment. */
export interface LimitAdmin {
  /** No limits when none were set. */
  getLimits(clientId?: string): Promise<Limits>;

  /** Replaces; `{}` removes. In force everywhere within a second. Repeating it changes nothing. */
  setLimits(limits: Limits, clientId?: string): Promise<void>;

  /** One state per limit, from counters. */
  getState(clientId?: string): Promise<LimitState[]>;
}
