import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';

/** What the endpoint uses of the protocol's SDK. */
export type Sdk = {
  Server: typeof Server;
  Transport: typeof WebStandardStreamableHTTPServerTransport;
  types: typeof import('@modelcontextprotocol/sdk/types.js');
};

/**
 * Loads the SDK at the first request, which most environments never get.
 *
 * `require`, which takes its CommonJS build with a zod of its own: with the other build the
 * bundler would defer the zod of all services, whose schemas are made at the start.
 */
export function loadSdk(): Sdk {
  /* eslint-disable global-require */
  return {
    Server: require('@modelcontextprotocol/sdk/server/index.js').Server,
    Transport:
      require('@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js')
        .WebStandardStreamableHTTPServerTransport,
    types: require('@modelcontextprotocol/sdk/types.js'),
  };
  /* eslint-enable global-require */
}
