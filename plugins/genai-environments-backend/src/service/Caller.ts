import type {
  AuditorService,
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';

/** Who calls, through which door. */
export type Caller = {
  credentials: BackstageCredentials<
    BackstageUserPrincipal | BackstageServicePrincipal
  >;
  /** The HTTP request, for the audit log. */
  request?: Request;
};

/** Entity reference of a user, or subject of a service. */
export function actorOf({ credentials: { principal } }: Caller): string {
  return principal.type === 'user'
    ? principal.userEntityRef
    : principal.subject;
}

/**
 * Runs what is to be audited inside an event that ends as success or failure. Only names
 * and ids belong into `meta`, never a secret.
 */
export async function audited<T>(
  auditor: AuditorService,
  caller: Caller,
  options: {
    eventId: string;
    severityLevel?: 'low' | 'medium' | 'high';
    meta: JsonObject;
  },
  run: () => Promise<T>,
): Promise<T> {
  const event = await auditor.createEvent({
    eventId: options.eventId,
    severityLevel: options.severityLevel ?? 'medium',
    request: caller.request,
    meta: { ...options.meta, actor: actorOf(caller) },
  });
  let result: T;
  try {
    result = await run();
  } catch (error) {
    await event.fail({
      error: error instanceof Error ? error : new Error(String(error)),
    });
    throw error;
  }
  await event.success();
  return result;
}
