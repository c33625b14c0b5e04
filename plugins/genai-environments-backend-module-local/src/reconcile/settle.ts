import type { ServiceStatus } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RuntimeStatus } from '../runtime/controlSchemas';
import { readLastLogLine } from '../runtime/runtimeLog';
import { convergeApplications } from './applications';
import { clearProblem, degraded, Problem, ready, working } from './outcome';
import { note, PreparedStep, supervise } from './Step';

/** A healthy environment is looked at this often; a crash is seen within that time. */
const READY_INTERVAL_MS = 4000;
const DEGRADED_INTERVAL_MS = 1000;
/** Services, above all the app, may take this long to become healthy. */
const SERVICES_START_LIMIT_MS = 20_000;
/** A runtime that worked this long starts with a clean record. */
const STABLE_AFTER_MS = 60_000;
/** How long one step waits for services, and how often it looks. */
const WAIT_MS = 500;
const POLL_MS = 25;

/** The runtime answers and is the right one: applications, then health. */
export async function settle(
  step: PreparedStep,
  status: RuntimeStatus,
): Promise<ReconcileOutcome> {
  const { version, source } = status;
  step.runtime = { version, source };
  await adopt(step, status);
  const applications = await convergeApplications(step, status.applications);
  const { launch } = step.supervision;
  const isStarting =
    launch?.readyAt === undefined &&
    step.dependencies.now() - (launch?.at ?? 0) < SERVICES_START_LIMIT_MS;
  const services = isStarting
    ? await waitForServices(step, status.services)
    : status.services;

  const ailing = services.filter(({ health }) => health !== 'healthy');
  if (ailing.length === 0) return settleReady(step, { services, applications });
  if (isStarting && ailing.some(mayBecomeHealthy)) {
    return working(step, {
      current: 'Waiting for all services',
      ...{ services, applications },
    });
  }
  return degraded(step, {
    problem: await describe(step, ailing),
    ...{ services, applications },
    requeueAfterMs: DEGRADED_INTERVAL_MS,
    inForce: true,
  });
}

/** A runtime that an earlier backend started and did not note becomes ours. */
async function adopt(step: PreparedStep, status: RuntimeStatus): Promise<void> {
  const { launch } = step.supervision;
  const known = launch?.pid === status.pid && launch.silentSince === undefined;
  if (known) return;
  await supervise(step, {
    launch: {
      at: step.dependencies.now(),
      ...launch,
      configHash: status.configHash,
      pid: status.pid,
      silentSince: undefined,
    },
  });
}

async function settleReady(
  step: PreparedStep,
  found: {
    services: ServiceStatus[];
    applications: ReconcileOutcome['applications'];
  },
): Promise<ReconcileOutcome> {
  const { supervision, dependencies } = step;
  const now = dependencies.now();
  const launch = supervision.launch!;
  const isNews =
    launch.readyAt === undefined || supervision.reported !== undefined;
  if (isNews) {
    await supervise(step, {
      firstReadyAt: supervision.firstReadyAt ?? now,
      launch: { ...launch, readyAt: launch.readyAt ?? now },
    });
    await clearProblem(step);
    note(
      step,
      'EnvironmentReady',
      `The environment answers at http://127.0.0.1:${step.record.port}.`,
    );
  }
  const isStable = now - (launch.readyAt ?? now) > STABLE_AFTER_MS;
  if (supervision.crashes && isStable) {
    await supervise(step, { crashes: undefined });
  }
  return ready(step, { ...found, requeueAfterMs: READY_INTERVAL_MS });
}

/** Looks again quickly for a moment: most services take less than a step may. */
async function waitForServices(
  step: PreparedStep,
  first: ServiceStatus[],
): Promise<ServiceStatus[]> {
  const deadline = Date.now() + WAIT_MS;
  let services = first;
  while (
    services.some(
      service => service.health !== 'healthy' && mayBecomeHealthy(service),
    ) &&
    Date.now() < deadline
  ) {
    await delay(POLL_MS, undefined, { signal: step.signal });
    const probe = await step.control.probe(step.signal);
    if (probe.kind !== 'answered') break;
    services = probe.status.services;
  }
  return services;
}

/** An app is started again when it fails; a model server that is away is news now. */
function mayBecomeHealthy({ name, health }: ServiceStatus): boolean {
  return health === 'starting' || name === 'app';
}

async function describe(
  { directory }: PreparedStep,
  ailing: ServiceStatus[],
): Promise<Problem> {
  const appAils = ailing.some(({ name }) => name === 'app');
  const log = appAils ? 'app.log' : 'runtime.log';
  const line = appAils
    ? await readLastLogLine(join(directory.path, log))
    : undefined;
  const said = ailing.map(({ name, health, message }) =>
    message ? `${name}: ${message}` : `${name} is ${health}.`,
  );
  return {
    reason: 'ServiceUnhealthy',
    message: [...said, ...(line ? [`Last line of ${log}: ${line}`] : [])].join(
      ' ',
    ),
    nextAction: `It is tried again by itself. If it stays so, read ${log} in the environment's directory on this machine.`,
  };
}
