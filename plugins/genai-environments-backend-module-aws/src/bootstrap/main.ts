/* eslint-disable no-console */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BlueprintsMissingError,
  loadBlueprints,
} from '@genai-environments/aws-blueprints';
import { bootstrap } from './bootstrap';
import { createBootstrapClients } from './bootstrapClients';
import { BootstrapError } from './callAws';
import { describeUsage, readArguments } from './readArguments';

/** `npm run aws:bootstrap` */
async function main(given: string[]): Promise<void> {
  const blueprints = loadBlueprints();
  const { parameters } = blueprints.manifest.foundation;
  if (given.includes('--help')) {
    console.log(describeUsage(parameters));
    return;
  }
  const asked = readArguments(given, parameters);
  const { region, profile } = asked;
  const clients = createBootstrapClients({ region, profile });
  await bootstrap({
    ...{ clients, blueprints, asked, sleep },
    now: Date.now,
    print: text => console.log(text),
  });
}

main(process.argv.slice(2)).catch(error => {
  const isExpected =
    error instanceof BootstrapError || error instanceof BlueprintsMissingError;
  console.error(isExpected ? `aws:bootstrap: ${error.message}` : error);
  process.exitCode = 1;
});
