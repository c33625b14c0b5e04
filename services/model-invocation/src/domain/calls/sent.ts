/** Errors of calls that a provider had; a side table, as errors of all classes can be such. */
const sent = new WeakSet<Error>();

/**
 * Notes of an error that the provider had the whole request by then and did not refuse it:
 * it may bill what nobody will read.
 */
export function markSent<E extends Error>(error: E): E {
  sent.add(error);
  return error;
}

/** Whether the provider may bill the call that ended with this error. */
export function wasSent(error: unknown): boolean {
  return error instanceof Error && sent.has(error);
}
