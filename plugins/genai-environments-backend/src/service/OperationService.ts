import type { AuditorService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  Environment,
  EnvironmentSpec,
  genaiEnvironmentUpdatePermission,
  scaleServiceRequestSchema,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  EnvironmentChange,
  EnvironmentStore,
} from '../database/EnvironmentStore';
import { EnvironmentRow, toEnvironment } from '../database/rows';
import { actorOf, audited, Caller } from './Caller';
import {
  assertStays,
  EnvironmentGate,
  environmentNotFound,
} from './EnvironmentGate';
import { planHibernation } from './hibernation';
import { parseInput } from './parse';
import type { ProvisionerRegistry } from './ProvisionerRegistry';
import { planRestart } from './restarting';
import { planScaling } from './scaling';

/**
 * Changes of what runs, and not of what an environment is. Each is a wish in the spec,
 * seen through by the reconciler: a crash neither loses nor repeats it.
 */
export class OperationService {
  constructor(
    private readonly options: {
      environments: EnvironmentStore;
      gate: EnvironmentGate;
      registry: ProvisionerRegistry;
      auditor: AuditorService;
      now: () => number;
      /** Called after each commit of a wish. */
      onChanged: (row: EnvironmentRow) => void;
    },
  ) {}

  /** Stops what runs, and keeps data and address. Repeating it changes nothing. */
  hibernate(caller: Caller, name: string): Promise<Environment> {
    return this.setHibernated(caller, name, true);
  }

  /** Back from hibernation. Repeating it changes nothing. */
  wake(caller: Caller, name: string): Promise<Environment> {
    return this.setHibernated(caller, name, false);
  }

  /**
   * Lets at least so many tasks of a service run; while the environment sleeps, from its
   * waking on. Repeating it changes nothing.
   */
  async scale(
    caller: Caller,
    name: string,
    serviceName: string,
    input: unknown,
  ): Promise<Environment> {
    const audit = {
      eventId: 'environment-scale',
      meta: { name, service: serviceName.slice(0, 80) },
    };
    return audited(this.options.auditor, caller, audit, async () => {
      const { tasks } = parseInput(scaleServiceRequestSchema, input);
      const environment = await this.open(caller, name);
      const service = requireService(environment, serviceName);
      const { provisioner }: EnvironmentSpec = JSON.parse(environment.spec);
      await this.options.registry.assertCanScale(provisioner);
      const actor = actorOf(caller);
      return this.change(environment, row =>
        planScaling(row, { service, tasks, actor }),
      );
    });
  }

  /** Replaces what runs of a service. */
  async restart(
    caller: Caller,
    name: string,
    serviceName: string,
  ): Promise<Environment> {
    const audit = {
      eventId: 'environment-restart',
      meta: { name, service: serviceName.slice(0, 80) },
    };
    return audited(this.options.auditor, caller, audit, async () => {
      const environment = await this.open(caller, name);
      const service = requireService(environment, serviceName);
      const actor = actorOf(caller);
      return this.change(environment, row =>
        planRestart(row, { service, now: this.options.now(), actor }),
      );
    });
  }

  private async setHibernated(
    caller: Caller,
    name: string,
    hibernated: boolean,
  ): Promise<Environment> {
    const eventId = hibernated ? 'environment-hibernate' : 'environment-wake';
    const audit = { eventId, meta: { name } };
    return audited(this.options.auditor, caller, audit, async () => {
      const environment = await this.open(caller, name);
      const { provisioner }: EnvironmentSpec = JSON.parse(environment.spec);
      await this.options.registry.assertCanHibernate(provisioner);
      const actor = actorOf(caller);
      return this.change(environment, row =>
        planHibernation(row, { hibernated, actor }),
      );
    });
  }

  private open(caller: Caller, name: string): Promise<EnvironmentRow> {
    return this.options.gate.open(
      caller,
      name,
      genaiEnvironmentUpdatePermission,
    );
  }

  private async change(
    { uid, name }: EnvironmentRow,
    plan: (row: EnvironmentRow) => EnvironmentChange | undefined,
  ): Promise<Environment> {
    const result = await this.options.environments.change(uid, row => {
      assertStays(row);
      return plan(row);
    });
    if (!result) throw environmentNotFound(name);
    if (result.changed) this.options.onChanged(result.row);
    return toEnvironment(result.row);
  }
}

/** @throws NotFoundError that names the services that the environment runs */
function requireService(row: EnvironmentRow, name: string): ServiceName {
  const { services }: EnvironmentSpec = JSON.parse(row.spec);
  const found = services.find(service => service === name);
  if (found) return found;
  throw new NotFoundError(
    `Environment ${row.name} runs no service "${name.slice(
      0,
      80,
    )}". It runs: ${services.join(', ')}.`,
  );
}
