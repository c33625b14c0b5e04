import type { Clock, Telemetry } from '@genai-environments/service-kit';
import type { CallGate } from '../ports/CallGate';
import type { UsageLedger } from '../ports/UsageLedger';
import { ModelCalls } from './calls/ModelCalls';
import { openGate } from './calls/openGate';
import { ResponseCache } from './calls/ResponseCache';
import type { RetryPolicy } from './calls/retry';
import { WholeCalls } from './calls/WholeCalls';
import { Invocations } from './Invocations';
import type { ModelCatalog } from './ModelCatalog';
import { PriceList } from './prices/PriceList';
import { ObservedCalls } from './telemetry/ObservedCalls';

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;

/** Everything that calls models, on one gate, ledger and cache. */
export function createInvocations(options: {
  catalog: ModelCatalog;
  usage: UsageLedger;
  clock: Clock;
  /** Default: lets every call pass. */
  gate?: CallGate;
  prices?: PriceList;
  retry?: Partial<RetryPolicy>;
  /** Default 64 MiB. */
  cacheBytes?: number;
  /** Told of every call of a model; default: nobody is. */
  telemetry?: Telemetry;
  /** From 0 up to 1; for tests. */
  random?: () => number;
}): { calls: ModelCalls; whole: WholeCalls; invocations: Invocations } {
  const { clock, gate = openGate, prices = new PriceList() } = options;
  const { cacheBytes: maxBytes = DEFAULT_CACHE_BYTES } = options;
  const { telemetry } = options;
  const observed = telemetry && new ObservedCalls(telemetry);
  const calls = new ModelCalls({ ...options, gate, prices, observed });
  const cache = new ResponseCache({ clock, maxBytes });
  const whole = new WholeCalls({ calls, cache });
  return { calls, whole, invocations: new Invocations({ calls, whole }) };
}
