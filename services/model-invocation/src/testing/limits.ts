import { createLogger } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openModelDatabase } from '../adapters/local/database';
import { SqliteLimitLedger } from '../adapters/local/SqliteLimitLedger';
import { SqliteLimitSettings } from '../adapters/local/SqliteLimitSettings';
import { LimitGate, PriceOf } from '../domain/limits/LimitGate';
import { LimitOverview } from '../domain/limits/LimitOverview';
import type { LimitLedger } from '../ports/LimitLedger';

/** One process of an environment that holds its limits. */
export type LimitedProcess = {
  gate: LimitGate;
  overview: LimitOverview;
  settings: SqliteLimitSettings;
  /** Ends it as a crash does: nothing is given back. */
  kill(): void;
};

/** An environment's limits on real SQLite, with as many processes as a test starts. */
export function startLimits(options: {
  clock: { now(): number };
  priceOf?: PriceOf;
}) {
  const { clock } = options;
  const dataDirectory = mkdtempSync(join(tmpdir(), 'limits-'));
  const logger = createLogger({ level: 'silent' });
  const open: DatabaseSync[] = [];
  const gates: LimitGate[] = [];

  function start(
    wrap: (ledger: LimitLedger) => LimitLedger = ledger => ledger,
  ): LimitedProcess {
    const database = openModelDatabase({ dataDirectory });
    open.push(database);
    const settings = new SqliteLimitSettings({ database, clock });
    const ledger = wrap(new SqliteLimitLedger({ database, clock }));
    const gate = new LimitGate({
      settings,
      ledger,
      priceOf: options.priceOf ?? (() => 0),
      clock,
      logger,
    });
    gates.push(gate);
    const overview = new LimitOverview({ settings, ledger, gate, clock });
    return { gate, overview, settings, kill: () => database.close() };
  }

  return {
    start,
    async tearDown() {
      for (const gate of gates) await gate.close().catch(() => {});
      for (const database of open) if (database.isOpen) database.close();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}
