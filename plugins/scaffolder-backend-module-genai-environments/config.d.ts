export interface Config {
  genaiEnvironments?: {
    local?: {
      /**
       * Where local environments and locally published repositories are kept; relative
       * paths start at the backend's working directory.
       *
       * Default: `.data/genai-environments`
       */
      dataDirectory?: string;
    };
  };
}
