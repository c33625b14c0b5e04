import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { working } from './outcome';
import { note, PreparedStep, Step, supervise } from './Step';

/**
 * Makes the directory, the control key and, last, the record with the port. A record
 * that somebody removed comes back with the address that callers know.
 */
export async function prepare(step: Step): Promise<ReconcileOutcome> {
  const { dependencies, desired, directory } = step;
  const { uid, name } = desired;
  await dependencies.dataDirectory.create();
  await directory.create();
  await directory.readOrCreateControlKey();
  const { endpoint } = desired.status.outputs;
  const port = await dependencies.ports.allocate(uid, {
    known: endpoint === undefined ? undefined : Number(new URL(endpoint).port),
  });
  step.signal.throwIfAborted();
  await directory.writeRecord({
    uid,
    name,
    port,
    createdAt: new Date(dependencies.now()).toISOString(),
  });
  note(
    step,
    'Prepared',
    `A data directory and port ${port} of this machine are reserved.`,
  );
  return working(step, { current: 'Starting the runtime' });
}

/** Before anybody knows the address another port is as good. */
export async function movePort(step: PreparedStep): Promise<ReconcileOutcome> {
  const { dependencies, desired, directory, record } = step;
  const port = await dependencies.ports.allocate(desired.uid, {
    except: record.port,
  });
  step.signal.throwIfAborted();
  await directory.writeRecord({ ...record, port });
  await supervise(step, { launch: undefined });
  note(
    step,
    'PortChanged',
    `Port ${record.port} was taken by another program; the environment gets port ${port}.`,
  );
  return working(
    { ...step, record: { ...record, port } },
    { current: 'Starting the runtime' },
  );
}
