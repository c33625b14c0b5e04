import { Agent, request } from 'node:http';

/**
 * Milliseconds from sending a request until the first piece of its body that holds
 * `marker`. Reads the answer to its end.
 */
export function createFirstByteClient() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    measure: ({ url, headers, body }, marker) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        let first;
        const sent = request(
          url,
          {
            agent,
            method: 'POST',
            headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
          },
          response => {
            response.on('data', chunk => {
              if (first === undefined && chunk.includes(marker)) {
                first = performance.now() - startedAt;
              }
            });
            response.on('end', () =>
              first === undefined
                ? reject(new Error(`${url} answered without ${marker}`))
                : resolve(first),
            );
          },
        );
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
