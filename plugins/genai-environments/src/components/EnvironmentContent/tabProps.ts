import type {
  Environment,
  EnvironmentEvent,
} from '@genai-environments/backstage-plugin-genai-environments-common';

/** What each sub-tab of an environment is given. */
export type EnvironmentTabProps = {
  environment: Environment;
  /** Ascending by `sequence`. */
  events: EnvironmentEvent[];
};
