import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LOAD_CORE, startNode } from './process.mjs';

/** A load generator in a process of its own, on the core for load. */
export async function startLoadGenerator() {
  const generator = startNode({
    core: LOAD_CORE,
    args: [fileURLToPath(new URL('loadGenerator.mjs', import.meta.url))],
    ipc: true,
  });
  await once(generator.child, 'message');
  return {
    pid: generator.pid,
    /** Keeps `connections` busy for `seconds`; each sends `request` again and again. */
    async run({ request, connections, seconds }) {
      generator.child.send({
        url: request.url,
        method: 'POST',
        headers: request.headers,
        body: request.body,
        connections,
        duration: seconds,
      });
      const [result] = await once(generator.child, 'message');
      if (result.failure) throw new Error(result.failure);
      return result;
    },
    stop: () => generator.stop(),
  };
}
