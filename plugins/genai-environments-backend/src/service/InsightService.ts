import type { AuditorService } from '@backstage/backend-plugin-api';
import { ConflictError, InputError } from '@backstage/errors';
import {
  DEFAULT_LOG_LINES,
  EnvironmentSpec,
  genaiLogReadPermission,
  LogPage,
  logRequestSchema,
  ServiceStatus,
  UsageItem,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { z } from 'zod';
import { EnvironmentRow, toStatus } from '../database/rows';
import { audited, Caller } from './Caller';
import type { EnvironmentGate } from './EnvironmentGate';
import { parseInput } from './parse';
import type { ProvisionerRegistry } from './ProvisionerRegistry';

const DAY_MS = 24 * 3_600_000;
const DEFAULT_USAGE_DAYS = 30;
const MAX_USAGE_DAYS = 366;

const usageRequestSchema = z.object({
  from: z.iso.date('must be a day such as 2026-01-31').optional(),
  to: z.iso.date('must be a day such as 2026-01-31').optional(),
});

/** What an environment tells about itself. */
export class InsightService {
  private readonly gate: EnvironmentGate;
  private readonly registry: ProvisionerRegistry;
  private readonly auditor: AuditorService;
  private readonly now: () => number;

  constructor(options: {
    gate: EnvironmentGate;
    registry: ProvisionerRegistry;
    auditor: AuditorService;
    now: () => number;
  }) {
    this.gate = options.gate;
    this.registry = options.registry;
    this.auditor = options.auditor;
    this.now = options.now;
  }

  async services(
    caller: Caller,
    name: string,
  ): Promise<{ items: ServiceStatus[] }> {
    return { items: toStatus(await this.gate.open(caller, name)).services };
  }

  /** The OpenAPI document of the environment itself. */
  async openApi(
    caller: Caller,
    name: string,
  ): Promise<Record<string, unknown>> {
    const row = await this.gate.open(caller, name);
    const provisioner = this.provisionerOfRunning(row);
    return this.registry.ask(provisioner.id, () =>
      provisioner.getOpenApi({ uid: row.uid, name: row.name }),
    );
  }

  /** By default of the last 30 days. */
  async usage(
    caller: Caller,
    name: string,
    input: unknown,
  ): Promise<{ items: UsageItem[] }> {
    const range = this.toRange(parseInput(usageRequestSchema, input));
    const row = await this.gate.open(caller, name);
    const provisioner = this.provisionerOfRunning(row);
    const items = await this.registry.ask(provisioner.id, () =>
      provisioner.getUsage({ uid: row.uid, name: row.name }, range),
    );
    return { items };
  }

  /**
   * The newest lines of what services and app log, or those since a cursor. In every
   * phase: they help most when the environment does not run.
   */
  async logs(caller: Caller, name: string, input: unknown): Promise<LogPage> {
    const audit = {
      eventId: 'log-read',
      // Who follows logs asks every few seconds.
      severityLevel: 'low' as const,
      meta: { name },
    };
    return audited(this.auditor, caller, audit, async () => {
      const { limit = DEFAULT_LOG_LINES, ...request } = parseInput(
        logRequestSchema,
        input,
      );
      const row = await this.gate.open(caller, name, genaiLogReadPermission);
      const { provisioner: id }: EnvironmentSpec = JSON.parse(row.spec);
      const provisioner = this.registry.require(id);
      return this.registry.ask(id, () =>
        provisioner.getLogs(
          { uid: row.uid, name: row.name },
          { ...request, limit },
        ),
      );
    });
  }

  private provisionerOfRunning(row: EnvironmentRow) {
    if (!['Ready', 'Updating', 'Degraded'].includes(row.phase)) {
      throw new ConflictError(
        `Environment ${row.name} is ${row.phase} and cannot be asked. Try again when it is Ready.`,
      );
    }
    const spec: EnvironmentSpec = JSON.parse(row.spec);
    return this.registry.require(spec.provisioner);
  }

  private toRange(request: z.infer<typeof usageRequestSchema>) {
    const to = request.to ?? toDay(this.now());
    const from =
      request.from ?? toDay(Date.parse(to) - (DEFAULT_USAGE_DAYS - 1) * DAY_MS);
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1 || days > MAX_USAGE_DAYS) {
      throw new InputError(
        `Fields "from" and "to" must span 1 to ${MAX_USAGE_DAYS} days; received ${from} to ${to}.`,
      );
    }
    return { from, to };
  }
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
