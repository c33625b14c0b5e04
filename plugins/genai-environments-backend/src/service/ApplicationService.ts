import type { AuditorService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  ADMINISTRATION_SCOPE,
  Application,
  createApplicationRequestSchema,
  genaiApplicationAdministerPermission,
  genaiApplicationManagePermission,
  genaiApplicationReadPermission,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Knex } from 'knex';
import type { ApplicationStore } from '../database/ApplicationStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import {
  ApplicationRow,
  EnvironmentRow,
  toApplication,
} from '../database/rows';
import { newApplication } from './admission';
import {
  APPLICATION_ACTIONS,
  ApplicationAction,
  assertNameFree,
} from './applicationRules';
import { actorOf, audited, Caller } from './Caller';
import type { ChangeFeed } from './ChangeFeed';
import {
  assertStays,
  EnvironmentGate,
  environmentNotFound,
} from './EnvironmentGate';
import { parseInput } from './parse';

export type ApplicationServiceOptions = {
  environments: EnvironmentStore;
  applications: ApplicationStore;
  gate: EnvironmentGate;
  feed: ChangeFeed;
  auditor: AuditorService;
  maxPerEnvironment: number;
  /** How long mutations wait for the environment to honour them. */
  observeTimeoutMs: number;
  now: () => number;
  onChanged: (row: EnvironmentRow) => void;
};

/**
 * Onboards callers of an environment. Mutations record a wish, wait a moment for the
 * environment to honour it, and answer the record either way.
 */
export class ApplicationService {
  constructor(private readonly options: ApplicationServiceOptions) {}

  async list(caller: Caller, name: string): Promise<{ items: Application[] }> {
    const { gate, applications } = this.options;
    const { uid } = await gate.open(
      caller,
      name,
      genaiApplicationReadPermission,
    );
    return { items: (await applications.list(uid)).map(toApplication) };
  }

  async create(
    caller: Caller,
    environmentName: string,
    input: unknown,
  ): Promise<Application> {
    const audit = {
      eventId: 'application-create',
      meta: { environment: environmentName },
    };
    return audited(this.options.auditor, caller, audit, async () => {
      const request = parseInput(createApplicationRequestSchema, input);
      const environment = await this.manage(caller, environmentName);
      if (request.scopes?.includes(ADMINISTRATION_SCOPE)) {
        await this.options.gate.open(
          caller,
          environmentName,
          genaiApplicationAdministerPermission,
        );
      }
      const application = newApplication({
        ...request,
        environment,
        kind: 'external',
        createdBy: actorOf(caller),
        now: this.options.now(),
      });
      const row = await this.change(environment, async (_, tx) => {
        const taken = await tx<ApplicationRow>('applications')
          .where('environment_uid', environment.uid)
          .whereNotNull('active_name');
        assertNameFree(taken, request.name, this.options.maxPerEnvironment);
        await tx('applications').insert(application);
        return event(
          caller,
          'ApplicationCreated',
          `Application ${request.name} was added.`,
        );
      });
      return this.observed(row, application.id);
    });
  }

  /** Rotates, enables or disables; repeating enable and disable changes nothing. */
  async act(
    caller: Caller,
    environmentName: string,
    id: string,
    action: ApplicationAction,
  ): Promise<Application> {
    const audit = {
      eventId: `application-${action}`,
      meta: { environment: environmentName, application: id },
    };
    return audited(this.options.auditor, caller, audit, async () => {
      const environment = await this.manage(caller, environmentName);
      const row = await this.change(environment, async (_, tx) => {
        const application = await this.find(environment, id, tx);
        const { decide, reason, done } = APPLICATION_ACTIONS[action];
        const set = decide(application, this.options.now());
        if (!set) return undefined;
        const revision = application.revision + 1;
        await tx('applications')
          .where('id', id)
          .update({ ...set, revision });
        return event(
          caller,
          reason,
          `Application ${application.name} was ${done}.`,
        );
      });
      return this.observed(row, id);
    });
  }

  /** Its tokens are refused once the environment honours it. */
  async delete(
    caller: Caller,
    environmentName: string,
    id: string,
  ): Promise<void> {
    const audit = {
      eventId: 'application-delete',
      meta: { environment: environmentName, application: id },
    };
    await audited(this.options.auditor, caller, audit, async () => {
      const environment = await this.manage(caller, environmentName);
      const row = await this.change(environment, async (_, tx) => {
        const application = await this.find(environment, id, tx);
        if (application.kind === 'project-app') {
          throw new ConflictError(
            "The project's own app cannot be deleted as an application. Disable it instead.",
          );
        }
        await tx('applications').where('id', id).update({
          active_name: null,
          deletion_requested_at: this.options.now(),
        });
        return event(
          caller,
          'ApplicationDeleted',
          `Application ${application.name} was deleted.`,
        );
      });
      await this.waitUntil(
        row,
        async () => !(await this.options.applications.isPresent(id)),
      );
    });
  }

  private manage(caller: Caller, name: string): Promise<EnvironmentRow> {
    return this.options.gate.open(
      caller,
      name,
      genaiApplicationManagePermission,
    );
  }

  private find(
    environment: EnvironmentRow,
    id: string,
    tx?: Knex.Transaction,
  ): Promise<ApplicationRow> {
    return this.options.applications.require(environment, id, tx);
  }

  /** Runs a change of applications under the environment's lock and wakes the reconciler. */
  private async change(
    environment: EnvironmentRow,
    decide: (
      ...args: Parameters<Parameters<EnvironmentStore['change']>[1]>
    ) => Promise<ReturnType<typeof event> | undefined>,
  ): Promise<EnvironmentRow> {
    const { environments, onChanged } = this.options;
    const result = await environments.change(
      environment.uid,
      async (row, tx) => {
        assertStays(row);
        const happened = await decide(row, tx);
        if (!happened) return undefined;
        const events = [{ ...happened, phase: row.phase }];
        return { set: {}, events, wake: true };
      },
    );
    if (!result) throw environmentNotFound(environment.name);
    if (result.changed) onChanged(result.row);
    return result.row;
  }

  private async observed(
    environment: EnvironmentRow,
    id: string,
  ): Promise<Application> {
    let latest = await this.find(environment, id);
    await this.waitUntil(environment, async () => {
      latest = await this.find(environment, id);
      return latest.observed_revision >= latest.revision;
    });
    return toApplication(latest);
  }

  /** Waits only while there is something running that could honour the wish. */
  private async waitUntil(
    environment: EnvironmentRow,
    isDone: () => Promise<boolean>,
  ): Promise<void> {
    if (!['Ready', 'Updating', 'Degraded'].includes(environment.phase)) return;
    const { feed, observeTimeoutMs } = this.options;
    await feed.waitUntil(environment.uid, isDone, observeTimeoutMs);
  }
}

function event(caller: Caller, reason: string, message: string) {
  return { type: 'Normal' as const, reason, message, actor: actorOf(caller) };
}
