/**
 * A process that spends a budget until nothing is left: `limitProcess.ts <data directory>
 * <file>`. Writes a line to the file for each call before it is settled, so that a reader
 * knows what was spent whenever the process dies.
 */
import { createLogger, systemClock } from '@genai-environments/service-kit';
import { closeSync, openSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { openSqliteRecords } from '../adapters/local/openSqliteRecords';
import { createAccounting } from '../createAccounting';

const GIVE_UP_AFTER_REFUSALS = 50;

async function main(): Promise<void> {
  const [dataDirectory, file] = process.argv.slice(2);
  const shared = {
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
  };
  const records = openSqliteRecords({ ...shared, dataDirectory });
  const accounting = createAccounting({
    ...{ ...shared, records },
    priceOf: () => 0,
  });
  const spent = openSync(file, 'a');
  process.stdout.write('ready\n');

  for (let nr = 0, refusals = 0; refusals < GIVE_UP_AFTER_REFUSALS; nr += 1) {
    const maxOutputTokens = 10 + ((nr * 7) % 90);
    const call = { clientId: 'a', model: 'm', inputTokens: 5, maxOutputTokens };
    try {
      const reservation = await accounting.gate.reserve(call);
      refusals = 0;
      const outputTokens = nr % 3 === 0 ? maxOutputTokens : 8;
      writeSync(spent, `${5 + outputTokens}\n`);
      if (nr % 10 === 0) await turn();
      reservation.settle({ inputTokens: 5, outputTokens });
    } catch {
      refusals += 1;
      await turn();
    }
  }
  closeSync(spent);
  await accounting.close();
  records.close();
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
