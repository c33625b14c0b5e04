import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import { attributeOf, durationOf } from './resourceTypes';
import { ResourceKeeper } from './ResourceKeeper';
import type { Resource, Stack, StackContent } from './Stack';
import type { Surroundings } from './Template';

type Operation = {
  token?: string;
  /** Told before a rollback begins, or at the end. */
  onEnd?: (succeeded: boolean) => void;
};

type Run = {
  token?: string;
  /** Logical ids and what each still waits for. */
  waiting: Map<string, Set<string>>;
  running: number;
  failed?: string;
};

/** Carries out creations, updates and deletions as time passes. Test code. */
export class StackEngine extends ResourceKeeper {
  around(region: Region, stack: Stack, content = stack.content!): Surroundings {
    return {
      region: region.name,
      accountId: region.accountId,
      stackName: stack.name,
      stackId: stack.id,
      parameters: content.parameters,
      exports: region.exports,
      physicalId: id => stack.resources.get(id)?.physicalId,
      attribute(id, name) {
        const resource = stack.resources.get(id);
        if (!resource) return `${id}.${name}`;
        return attributeOf(region, resource, name);
      },
    };
  }

  create(region: Region, stack: Stack, operation: Operation = {}): void {
    const { token, onEnd } = operation;
    this.setStatus(stack, 'CREATE_IN_PROGRESS', {
      token,
      reason: 'User Initiated',
    });
    const run = this.newRun(region, stack, token);
    this.proceed(region, stack, run, () => {
      onEnd?.(!run.failed);
      if (run.failed) this.rollbackCreation(region, stack, run.failed, token);
      else this.complete(region, stack, 'CREATE_COMPLETE', token);
    });
  }

  update(
    region: Region,
    stack: Stack,
    next: StackContent,
    operation: Operation = {},
  ): void {
    const { token, onEnd } = operation;
    const before = {
      content: stack.content!,
      resources: new Map(stack.resources),
    };
    this.setStatus(stack, 'UPDATE_IN_PROGRESS', {
      token,
      reason: 'User Initiated',
    });
    stack.content = next;
    stack.updatedAt = this.clock.now();
    const run = this.newRun(region, stack, token);
    this.proceed(region, stack, run, () => {
      onEnd?.(!run.failed);
      if (run.failed) {
        this.rollbackUpdate(region, stack, before, run.failed, token);
        return;
      }
      const gone = [...stack.resources.keys()].filter(
        id => !next.template.plan(this.around(region, stack)).has(id),
      );
      if (gone.length === 0) {
        this.complete(region, stack, 'UPDATE_COMPLETE', token);
        return;
      }
      this.setStatus(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', { token });
      this.clock.schedule(5000, () => {
        for (const id of gone)
          this.remove(region, stack, stack.resources.get(id)!);
        this.complete(region, stack, 'UPDATE_COMPLETE', token);
      });
    });
  }

  delete(
    region: Region,
    stack: Stack,
    options: { token?: string; retain?: string[]; force?: boolean } = {},
  ): void {
    const { token, retain = [], force = false } = options;
    this.setStatus(stack, 'DELETE_IN_PROGRESS', {
      token,
      reason: 'User Initiated',
    });
    const left = [...stack.resources.values()].reverse();
    const blocked: string[] = [];
    const next = () => {
      const resource = left.shift();
      if (!resource) {
        this.endDeletion(region, stack, blocked, token);
        return;
      }
      this.note(stack, resource, 'DELETE_IN_PROGRESS', { token });
      this.clock.schedule(1000, () => {
        const keep = retain.includes(resource.logicalId);
        const reason = this.deletionFailure(region, resource);
        if (keep || (reason && force)) {
          this.retain(stack, resource);
        } else if (reason) {
          resource.status = 'DELETE_FAILED';
          blocked.push(resource.logicalId);
          this.note(stack, resource, 'DELETE_FAILED', { token, reason });
        } else this.remove(region, stack, resource, token);
        next();
      });
    };
    next();
  }

  /** Puts the stack back where it was before a failed update. */
  private rollbackUpdate(
    region: Region,
    stack: Stack,
    before: { content: StackContent; resources: Map<string, Resource> },
    reason: string,
    token?: string,
  ) {
    this.setStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', { token, reason });
    this.clock.schedule(10_000, () => {
      for (const [id, resource] of [...stack.resources]) {
        const old = before.resources.get(id);
        if (old) resource.properties = old.properties;
        else this.remove(region, stack, resource, token);
      }
      stack.content = before.content;
      this.complete(region, stack, 'UPDATE_ROLLBACK_COMPLETE', token);
    });
  }

  private rollbackCreation(
    region: Region,
    stack: Stack,
    reason: string,
    token?: string,
  ) {
    this.setStatus(stack, 'ROLLBACK_IN_PROGRESS', { token, reason });
    const made = [...stack.resources.values()].reverse();
    this.clock.schedule(1000 * (made.length + 1), () => {
      let blocked = false;
      for (const resource of made) {
        const obstacle = this.deletionFailure(region, resource);
        if (obstacle) {
          blocked = true;
          resource.status = 'DELETE_FAILED';
          this.note(stack, resource, 'DELETE_FAILED', {
            token,
            reason: obstacle,
          });
        } else this.remove(region, stack, resource, token);
      }
      this.setStatus(stack, blocked ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', {
        token,
      });
    });
  }

  private endDeletion(
    region: Region,
    stack: Stack,
    blocked: string[],
    token?: string,
  ) {
    if (blocked.length > 0) {
      this.setStatus(stack, 'DELETE_FAILED', {
        token,
        reason: `The following resource(s) failed to delete: [${blocked.join(
          ', ',
        )}]. `,
      });
      return;
    }
    for (const { exportName } of stack.outputs) {
      if (exportName) region.exports.delete(exportName);
    }
    stack.deletedAt = this.clock.now();
    this.setStatus(stack, 'DELETE_COMPLETE', { token });
  }

  private newRun(region: Region, stack: Stack, token?: string): Run {
    const plan = stack.content!.template.plan(this.around(region, stack));
    return { token, waiting: plan, running: 0 };
  }

  /** Starts whatever nothing is waited for any more; calls `done` at the end. */
  private proceed(region: Region, stack: Stack, run: Run, done: () => void) {
    if (run.running === 0 && (run.failed || run.waiting.size === 0)) {
      done();
      return;
    }
    if (run.failed) return;
    for (const [id, waitsFor] of [...run.waiting]) {
      if (waitsFor.size > 0) continue;
      run.waiting.delete(id);
      run.running++;
      this.start(region, stack, id, run, () => {
        run.running--;
        for (const others of run.waiting.values()) others.delete(id);
        this.proceed(region, stack, run, done);
      });
    }
  }

  private start(
    region: Region,
    stack: Stack,
    logicalId: string,
    run: Run,
    done: () => void,
  ) {
    const { template, tags } = stack.content!;
    const { Type: type } = template.resources[logicalId];
    const properties = template.properties(
      logicalId,
      this.around(region, stack),
    );
    const old = stack.resources.get(logicalId);
    if (old && isDeepStrictEqual(old.properties, properties)) {
      old.stackTags = tags;
      this.clock.schedule(0, done);
      return;
    }
    const verb = old ? 'UPDATE' : 'CREATE';
    const { token } = run;
    const draft = old ?? {
      ...{ logicalId, type, properties, stackTags: tags },
      physicalId: '',
      attributes: {},
      status: '',
      stackId: stack.id,
    };
    this.note(stack, draft, `${verb}_IN_PROGRESS`, { token });
    this.clock.schedule(durationOf(type), () => {
      const reason = this.failureOf(draft, old ? 'update' : 'create');
      const problem = reason ?? this.put(region, stack, draft, properties);
      if (problem) {
        run.failed ??= `The following resource(s) failed to ${verb.toLowerCase()}: [${logicalId}]. `;
        this.note(stack, draft, `${verb}_FAILED`, { token, reason: problem });
      } else this.note(stack, draft, `${verb}_COMPLETE`, { token });
      done();
    });
  }

  private complete(
    region: Region,
    stack: Stack,
    status: string,
    token?: string,
  ) {
    stack.outputs = stack.content!.template.outputs(this.around(region, stack));
    for (const { exportName, value } of stack.outputs) {
      if (exportName) region.exports.set(exportName, value);
    }
    this.setStatus(stack, status, { token });
  }
}

/** @throws AwsError when the stack is busy */
export function assertIdle(stack: Stack): void {
  if (
    stack.status.endsWith('_IN_PROGRESS') &&
    stack.status !== 'REVIEW_IN_PROGRESS'
  ) {
    throw new AwsError(
      'ValidationError',
      `Stack:${stack.id} is in ${stack.status} state and can not be updated.`,
    );
  }
}
