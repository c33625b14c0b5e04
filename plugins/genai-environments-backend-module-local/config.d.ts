import type { HumanDuration } from '@backstage/types';

export interface Config {
  genaiEnvironments?: {
    /** Environments that run on the portal's own machine. */
    local?: {
      /**
       * Where local environments and locally published repositories are kept; relative
       * paths start at the backend's working directory.
       *
       * Default: `.data/genai-environments`
       */
      dataDirectory?: string;

      /**
       * Seals secrets of applications until they are revealed; at least 32 characters.
       * Secrets that were sealed with another key can only be rotated.
       *
       * Default: a key that is made up once and kept in `secret.key` in the data directory.
       *
       * @visibility secret
       */
      secretKey?: string;

      /** OpenAI-compatible servers whose models environments can be given. */
      upstreams?: Array<{
        /** Names the server in logs and in the model picker. */
        id: string;
        /** Address that `/chat/completions` is appended to, e.g. `http://127.0.0.1:11434/v1`. */
        baseUrl: string;
        /** @visibility secret */
        apiKey?: string;
        models: Array<{
          id: string;
          kind: 'text' | 'embedding';
          /** Shown in the model picker; default: the id. */
          name?: string;
        }>;
      }>;

      /**
       * Names that callers may use for models: the first one is meant, the others take over
       * when it fails. An environment has an alias when it has one of its models.
       *
       * Default: none
       */
      modelAliases?: { [alias: string]: string[] };

      /**
       * Prices of models in US dollars per million tokens, for costs and budgets.
       *
       * Default: models of upstreams cost nothing
       */
      prices?: {
        [model: string]: {
          input: number;
          output?: number;
          cacheRead?: number;
          cacheWrite?: number;
        };
      };

      /**
       * How long the secret before a rotation keeps working.
       *
       * Default: 24 hours
       */
      secretRotationGracePeriod?: HumanDuration | string;

      /**
       * The app of environments that have no locally published repository.
       *
       * Default: the skeleton that comes with the scaffolder module
       */
      appDirectory?: string;
    };
  };
}
