import type { ServiceHealth } from '@genai-environments/service-kit';

/** Looks at all of them; the first that is down says why. */
export async function firstDown(
  looks: ReadonlyArray<() => ServiceHealth | Promise<ServiceHealth>>,
): Promise<ServiceHealth> {
  const states = await Promise.all(looks.map(look => look()));
  return states.find(({ status }) => status === 'DOWN') ?? states[0];
}
