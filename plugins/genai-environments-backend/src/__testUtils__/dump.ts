import type { Knex } from 'knex';

/** Everything the plugin's database holds, as one text. */
export async function dump(knex: Knex): Promise<string> {
  const tables = ['environments', 'environment_events', 'applications'];
  const rows = await Promise.all(tables.map(table => knex(table)));
  return JSON.stringify(rows);
}
