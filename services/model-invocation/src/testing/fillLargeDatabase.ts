import type { DatabaseSync } from 'node:sqlite';

const APPLICATIONS = 1000;
const CALLS = 1_000_000;
const DAYS = 30;
const FIRST_DAY = Date.parse('2025-12-31T12:00:00Z');

/** A number series, one row each, as SQLite makes them quickest. */
const series = (count: number) =>
  `WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n + 1 < ${count})`;

/**
 * January 2026 of an environment with 1,000 applications that call three models daily, each with a
 * token budget, and 1 million calls in the log.
 */
export function fillLargeDatabase(database: DatabaseSync): void {
  // Rows of a test: to be there quickly, not to survive anything.
  database.exec(`
    PRAGMA journal_mode = MEMORY;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -100000;
    BEGIN;
    ${series(APPLICATIONS * DAYS * 3)}
    INSERT INTO usage (day, client_id, model, invocations, failed_invocations, input_tokens, output_tokens)
    SELECT printf('2026-01-%02d', 1 + n / 3 % ${DAYS}),
      printf('app-%04d', n / ${DAYS * 3}), 'model-' || (n % 3), 11, 1, 110, 55
    FROM series;
    ${series(CALLS)}
    INSERT INTO invocation_log (client_id, model, status, input_tokens, output_tokens,
      cost_micro_usd, duration_ms, cached, at)
    SELECT printf('app-%04d', n % ${APPLICATIONS}), 'model-' || (n % 3), 'succeeded', 10, 5,
      3, 100, 0, ${FIRST_DAY} + n FROM series;
    ${series(APPLICATIONS)}
    INSERT INTO limit_setting (subject, limits)
    SELECT 'application:' || printf('app-%04d', n), '{"tokensPerMonth":1000000}' FROM series;
    ${series(APPLICATIONS)}
    INSERT INTO limit_meter (period, subject, name, used)
    SELECT '2026-01', 'application:' || printf('app-%04d', n), 'tokensPerMonth', n FROM series;
    UPDATE limit_revision SET revision = 1;
    COMMIT;
    PRAGMA cache_size = -2000;
    PRAGMA synchronous = NORMAL;
    PRAGMA journal_mode = WAL;`);
}
