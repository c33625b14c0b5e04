import { projectApp } from './applications';
import type { SpawnedRuntime } from './spawnRuntime';
import { until } from './until';

/** Gives the app its application; resolves with its process id once it works. */
export async function startApp({ client }: SpawnedRuntime): Promise<number> {
  await client.putApplication('project', projectApp);
  const response = await until(async () => {
    const answer = await client.fetch('/app/environment');
    return answer.ok && answer;
  });
  return ((await response.json()) as { pid: number }).pid;
}
