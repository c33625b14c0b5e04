import type { SpawnedRuntime } from './spawnRuntime';

/** Posts JSON; what is answered. @throws Error with the answer when it is a refusal */
export async function post<T = any>(
  { client }: SpawnedRuntime,
  path: string,
  options: { token: string; body?: unknown },
): Promise<T> {
  const answer = await client.post(path, options.token, options.body ?? {});
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** The same for what is read. */
export async function get<T = any>(
  { client }: SpawnedRuntime,
  path: string,
  token: string,
): Promise<T> {
  const answer = await client.fetch(path, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
