/** Modules of undici that its index loads too, beside fetch, caches and mocks. */
declare module 'undici/lib/dispatcher/pool' {
  import { Pool } from 'undici';

  export default Pool;
}

declare module 'undici/lib/dispatcher/env-http-proxy-agent' {
  import { EnvHttpProxyAgent } from 'undici';

  export default EnvHttpProxyAgent;
}
