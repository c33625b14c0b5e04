import type { AuditorService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  CreateEnvironmentRequest,
  createEnvironmentRequestSchema,
  Environment,
  EnvironmentList,
  genaiEnvironmentDeletePermission,
  genaiEnvironmentUpdatePermission,
  Limits,
  phaseSchema,
  Plan,
  PlanProblem,
  updateEnvironmentRequestSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { z } from 'zod';
import { LimitsConfig, lifetimeMs } from '../config';
import { decodeCursor, encodeCursor } from '../database/cursor';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { EnvironmentRow, toEnvironment } from '../database/rows';
import { toOwner } from '../permissions/rules';
import { isRepeat, newEnvironment } from './admission';
import type { ApplicationService } from './ApplicationService';
import { actorOf, audited, Caller } from './Caller';
import { requestDeletion } from './deletion';
import type { EnvironmentAuthorizer } from './EnvironmentAuthorizer';
import {
  assertStays,
  EnvironmentGate,
  environmentNotFound,
} from './EnvironmentGate';
import type { InsightService } from './InsightService';
import type { OperationService } from './OperationService';
import { describeIssues, parseInput } from './parse';
import type { Preflight } from './Preflight';
import type { ProvisionerRegistry } from './ProvisionerRegistry';
import type { SecretService } from './SecretService';
import type { TimelineService } from './TimelineService';
import { planUpdate } from './update';

const listRequestSchema = z.object({
  owner: z.string().max(200).transform(toOwner).optional(),
  phase: phaseSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

export type EnvironmentServiceOptions = {
  environments: EnvironmentStore;
  gate: EnvironmentGate;
  authorizer: EnvironmentAuthorizer;
  preflight: Preflight;
  registry: ProvisionerRegistry;
  applications: ApplicationService;
  secrets: SecretService;
  timeline: TimelineService;
  insights: InsightService;
  operations: OperationService;
  auditor: AuditorService;
  limits: LimitsConfig;
  now: () => number;
  /** Called after each commit of a wish. */
  onChanged: (row: EnvironmentRow) => void;
};

/**
 * Everything one can do with environments. All doors (REST, and whatever comes) lead
 * here: it parses, authorises, audits, records the wish and wakes the reconciler.
 * Methods take what callers sent as it is and throw errors of `@backstage/errors`.
 */
export class EnvironmentService {
  readonly applications: ApplicationService;
  readonly secrets: SecretService;
  readonly timeline: TimelineService;
  readonly insights: InsightService;
  readonly operations: OperationService;
  readonly registry: ProvisionerRegistry;

  constructor(private readonly options: EnvironmentServiceOptions) {
    this.applications = options.applications;
    this.secrets = options.secrets;
    this.timeline = options.timeline;
    this.insights = options.insights;
    this.operations = options.operations;
    this.registry = options.registry;
  }

  /** A page of the environments that the caller may see, by name. */
  async list(caller: Caller, input: unknown): Promise<EnvironmentList> {
    const { limit, cursor, ...filters } = parseInput(listRequestSchema, input);
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const visibility = await this.options.authorizer.visibility(caller);
    if (visibility.kind === 'none') return { items: [] };

    const rows = await this.options.environments.list({
      ...filters,
      after,
      criteria: visibility.kind === 'some' ? visibility.criteria : undefined,
      limit: limit + 1,
    });
    const items = rows.slice(0, limit).map(toEnvironment);
    return rows.length > limit
      ? { items, nextCursor: encodeCursor(items[limit - 1].name) }
      : { items };
  }

  async get(caller: Caller, name: string): Promise<Environment> {
    return toEnvironment(await this.options.gate.open(caller, name));
  }

  /** Records a new environment, or finds the one that a repeated request made. */
  async create(
    caller: Caller,
    input: unknown,
  ): Promise<{ environment: Environment; created: boolean }> {
    const audit = { eventId: 'environment-create', meta: nameAndOwner(input) };
    return audited(this.options.auditor, caller, audit, async () => {
      const request = normalize(
        parseInput(createEnvironmentRequestSchema, input),
      );
      const { environments, preflight } = this.options;
      const createdBy = actorOf(caller);
      const holder = await environments.findActive(request.name);
      if (holder && isRepeat(holder, request, createdBy)) {
        return { environment: toEnvironment(holder), created: false };
      }
      refuse((await preflight.examine(request, caller)).problems);

      const { row, created } = await environments.admit(
        this.toRecords(request, createdBy),
        occupancy => {
          if (
            occupancy.holder &&
            isRepeat(occupancy.holder, request, createdBy)
          ) {
            return occupancy.holder;
          }
          refuse(preflight.occupancyProblems(request, occupancy));
          return undefined;
        },
      );
      if (created) this.options.onChanged(row);
      return { environment: toEnvironment(row), created };
    });
  }

  async update(
    caller: Caller,
    name: string,
    input: unknown,
  ): Promise<Environment> {
    const audit = { eventId: 'environment-update', meta: { name } };
    return audited(this.options.auditor, caller, audit, async () => {
      const { environments, gate, preflight, now } = this.options;
      const update = parseInput(updateEnvironmentRequestSchema, input);
      const { uid, spec } = await gate.open(
        caller,
        name,
        genaiEnvironmentUpdatePermission,
      );
      const problems = preflight.lifetimeProblems(update.expiresAfter);
      if (update.models) {
        const { provisioner, region } = JSON.parse(spec);
        const { models } = update;
        const request = { provisioner, region, models };
        problems.push(...(await preflight.modelProblems(request)));
      }
      refuse(problems);

      const actor = actorOf(caller);
      const result = await environments.change(uid, row => {
        assertStays(row);
        return planUpdate(row, update, { now: now(), actor });
      });
      if (!result) throw environmentNotFound(name);
      if (result.changed) this.options.onChanged(result.row);
      return toEnvironment(result.row);
    });
  }

  /** Requests teardown. Repeating it changes nothing. */
  async delete(caller: Caller, name: string): Promise<Environment> {
    const audit = { eventId: 'environment-delete', meta: { name } };
    return audited(this.options.auditor, caller, audit, async () => {
      const { environments, gate, now } = this.options;
      const { uid } = await gate.open(
        caller,
        name,
        genaiEnvironmentDeletePermission,
      );
      const actor = actorOf(caller);
      const result = await environments.change(uid, row =>
        requestDeletion(row, {
          at: now(),
          by: actor,
          event: {
            type: 'Normal',
            reason: 'DeletionRequested',
            message: `The teardown of environment ${name} was requested.`,
            actor,
          },
        }),
      );
      if (!result) throw environmentNotFound(name);
      if (result.changed) this.options.onChanged(result.row);
      return toEnvironment(result.row);
    });
  }

  /** All reasons why a request would be refused, what it would create, what it costs. */
  async plan(caller: Caller, input: unknown): Promise<Plan> {
    const parsed = createEnvironmentRequestSchema.safeParse(input);
    if (parsed.success) {
      return this.options.preflight.plan(normalize(parsed.data), caller);
    }
    return {
      problems: describeIssues(parsed.error, input),
      resources: [],
      monthlyCost: { amount: 0, currency: 'USD' },
    };
  }

  /** What the platform allows the caller. */
  limits(caller: Caller): Promise<Limits> {
    return this.options.preflight.describeLimits(caller);
  }

  private toRecords(request: CreateEnvironmentRequest, createdBy: string) {
    const { limits, now } = this.options;
    return newEnvironment({
      request,
      createdBy,
      lifetimeMs: lifetimeMs(request.expiresAfter ?? limits.defaultLifetime),
      now: now(),
    });
  }
}

function normalize(
  request: CreateEnvironmentRequest,
): CreateEnvironmentRequest {
  return { ...request, owner: toOwner(request.owner) };
}

/** Throws what fits the gravest of the problems, with all their sentences. */
function refuse(problems: PlanProblem[]): void {
  if (problems.length === 0) return;
  const codes = new Set(problems.map(({ code }) => code));
  const message = problems.map(problem => problem.message).join(' ');
  if (codes.has('not-permitted') || codes.has('not-owner')) {
    throw new NotAllowedError(message);
  }
  if (codes.has('unavailable')) throw new ServiceUnavailableError(message);
  if (codes.has('name-taken')) throw new ConflictError(message);
  throw new InputError(message);
}

/** For the audit log, of a body that may be anything. */
function nameAndOwner(input: unknown): { name: string; owner: string } {
  const { name, owner } = (input ?? {}) as Record<string, unknown>;
  return {
    name: String(name).slice(0, 100),
    owner: String(owner).slice(0, 200),
  };
}
