import type { PromptRecords } from '../../ports/PromptRecords';
import { openPromptDatabase } from './database';
import { SqlitePromptTemplateRepository } from './SqlitePromptTemplateRepository';

/** Opens `prompt-management.sqlite` in the environment's data directory. */
export function openSqliteRecords(options: {
  dataDirectory: string;
}): PromptRecords {
  const database = openPromptDatabase(options);
  return {
    templates: new SqlitePromptTemplateRepository({ database }),
    health() {
      database.prepare('SELECT 1 FROM prompt_version LIMIT 1').get();
      return { status: 'UP' };
    },
    close: () => database.close(),
  };
}
