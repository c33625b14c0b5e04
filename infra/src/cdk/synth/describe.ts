import type { BlueprintManifest } from '../../manifest/manifest';

/** A table of the blueprints for the terminal. */
export function describeManifest(manifest: BlueprintManifest): string {
  const { foundation, environments, prices } = manifest;
  const rows = environments.map(({ id, core, services, cost, creation }) => [
    id,
    `${core.resourceCount} + ${services.resourceCount}`,
    `${kib(core.bytes)} + ${kib(services.bytes)} KiB`,
    `$${cost.idleMonthlyUsd.toFixed(2)}`,
    `$${cost.hibernatedMonthlyUsd.toFixed(2)}`,
    minutes(creation.seconds),
  ]);
  const table = toTable([
    ['blueprint', 'resources', 'templates', 'idle', 'hibernated', 'created in'],
    ...rows,
    [
      'foundation',
      `${foundation.resourceCount}`,
      `${kib(foundation.bytes)} KiB`,
      `$${foundation.cost.idleMonthlyUsd.toFixed(2)}`,
      '',
      '',
    ],
  ]);
  const paths = environments
    .filter(({ vectorStore }) => vectorStore === 's3-vectors')
    .map(
      ({ id, creation }) =>
        `${id}: ${creation.steps
          .map(({ logicalId, seconds }) => `${logicalId} ${seconds}`)
          .join(' → ')} s`,
    );
  return [
    table,
    '',
    `US dollars a month, list prices of ${prices.region}, ${prices.date}; models cost by use.`,
    'What takes longest, one resource waiting for the other:',
    ...paths.map(path => `  ${path}`),
  ].join('\n');
}

function toTable(rows: string[][]): string {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map(row => row[column].length)),
  );
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(0);
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
