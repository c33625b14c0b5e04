import type { ServiceHealth } from '@genai-environments/service-kit';
import type { InvocationLog } from './InvocationLog';
import type { InvocationStore } from './InvocationStore';
import type { LimitLedger } from './LimitLedger';
import type { LimitSettings } from './LimitSettings';
import type { UsageLedger } from './UsageLedger';

/** Everything that the service keeps, in one place. */
export type ModelRecords = {
  usage: UsageLedger;
  log: InvocationLog;
  invocations: InvocationStore;
  limitLedger: LimitLedger;
  limitSettings: LimitSettings;
  /** Whether it can be read just now. */
  health(): ServiceHealth | Promise<ServiceHealth>;
  /** Closes what was opened for it; the service has closed `usage` and `log` before. */
  close(): void | Promise<void>;
};
