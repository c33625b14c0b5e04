import { randomId } from '@genai-environments/service-kit';
import { openPromptDatabase } from '../adapters/local/database';
import { SqlitePromptTemplateRepository } from '../adapters/local/SqlitePromptTemplateRepository';

/** Saves a template many times: `saveMany <data directory> <name> <count>`. */
async function main([dataDirectory, name, count]: string[]): Promise<void> {
  const database = openPromptDatabase({ dataDirectory });
  const repository = new SqlitePromptTemplateRepository({ database });
  for (let index = 0; index < Number(count); index++) {
    await repository.append('a', {
      id: randomId(),
      name,
      template: `of process ${process.pid}`,
      syntax: 'classic',
      savedAt: Date.now(),
    });
  }
  database.close();
}

main(process.argv.slice(2)).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
