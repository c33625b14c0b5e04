import type { Limits, LimitSubject } from '../domain/limits/Limits';

/** Port: which limits hold. Asked on every call, so answered from memory. */
export interface LimitSettings {
  /** Changes whenever a limit does; at most a second behind other processes. */
  revision(): number;

  /** No limits when none were set. */
  get(subject: LimitSubject): Limits;

  /** Durable when it resolves. Replaces; empty limits remove. Repeating it changes nothing. */
  put(subject: LimitSubject, limits: Limits): Promise<void>;
}
