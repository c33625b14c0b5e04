/** Child process of lifecycle.mjs: `lifecycle.ts <number of environments>`, result over IPC. */
import {
  requestFor,
  untilNoProcesses,
} from '../../tests/e2e/support/environment';
import { Portal } from '../../tests/e2e/support/portal';
import { Session } from '../../tests/e2e/support/session';
import { startTask, taskEnd, taskLog } from '../../tests/e2e/support/tasks';
import { ADA } from '../../tests/e2e/support/users';
import { waitFor } from '../../tests/e2e/support/waitFor';

const TIMEOUT_MS = 60_000;

async function measure(portal: Portal, ada: Session, name: string) {
  const { owner, tier, models, services } = await requestFor(ada, name);
  const values = { name, owner, tier, models, services, publishTo: 'local' };
  await untilTemplateIsKnown(ada);

  const startedAt = Date.now();
  const task = await startTask(ada, values);
  await waitFor({
    what: `${name} to be recorded`,
    timeoutMs: TIMEOUT_MS,
    ask: () =>
      ada.environments.getEnvironment(name).then(
        () => true,
        error => (error.statusCode === 404 ? false : Promise.reject(error)),
      ),
  });
  const ready = await ada.untilPhase(name, ['Ready'], {
    timeoutMs: TIMEOUT_MS,
  });
  const end = await taskEnd(ada, task);
  const endedAt = Date.now();
  if (end !== 'completed') {
    throw new Error(`The task ${end}:\n${await taskLog(ada, task)}`);
  }
  const { createdAt } = await ada.environments.getEnvironment(name);

  const tornDownAt = Date.now();
  await ada.environments.deleteEnvironment(name);
  const deleted = await ada.untilPhase(name, ['Deleted'], {
    timeoutMs: TIMEOUT_MS,
    after: ready.sequence,
  });
  await untilNoProcesses(portal);
  const goneAt = Date.now();

  // Times that the backend noted, where it did: asking for them costs time of its own.
  return {
    recordedMs: Date.parse(createdAt) - startedAt,
    readyMs: Date.parse(ready.at) - startedAt,
    taskMs: endedAt - startedAt,
    teardownMs: Date.parse(deleted.at) - tornDownAt,
    processesGoneMs: goneAt - tornDownAt,
  };
}

async function untilTemplateIsKnown(ada: Session) {
  await waitFor({
    what: 'the template to be in the catalog',
    timeoutMs: TIMEOUT_MS,
    ask: () => ada.hasEntity('template', 'genai-environment'),
  });
}

async function main(environments: number) {
  const portal = await Portal.create({ name: 'bench' });
  try {
    const ada = await Session.signIn(portal, ADA);
    const measured = [];
    for (let index = 1; index <= environments; index += 1) {
      measured.push(await measure(portal, ada, `bench-${index}`));
    }
    process.send!({ measured });
  } finally {
    await portal.dispose();
  }
}

main(Number(process.argv[2])).then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
