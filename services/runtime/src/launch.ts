/**
 * Options of Node that a runtime on a laptop is started with: memory over peak speed.
 *
 * A laptop runs several environments, and what one needs is a small young generation and
 * no garbage piling up while a compiler thread waits for its turn. Measured by
 * `npm run bench:runtime`: under load of the built-in model 117 MB resident instead of
 * 140–200. A smaller young generation saves 5 MB more, and costs a gateway call a third of
 * its speed. Without the cap, which is far above what is ever alive, V8 takes the memory of
 * the machine as a reason to collect late: 207 MB at times instead of 130. What reads
 * documents and searches vectors runs in threads that have limits of their own.
 */
export const RUNTIME_NODE_OPTIONS: readonly string[] = [
  // From the start: growing to it costs a twelfth of the time to boot.
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--max-old-space-size=512',
  '--no-concurrent-recompilation',
];

/**
 * What a container is started with: speed over memory, which a task has to itself.
 *
 * With a young generation this large, a request to Bedrock is over before its objects are
 * moved to the old one: a fifth less CPU, and half the time at the 99th percentile, for
 * 15 to 30 MB (`npm run bench:bedrock`).
 */
export const CONTAINER_NODE_OPTIONS: readonly string[] = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--max-old-space-size=512',
];

/**
 * Environment variables of either: one arena for what is allocated outside of
 * V8's heap, where glibc would make up to eight per core. Others ignore it.
 */
export const RUNTIME_NODE_VARIABLES: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
};
