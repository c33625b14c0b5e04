/** The form of the software template `templates/genai-environment`. */
export const CREATE_ENVIRONMENT_PATH =
  '/create/templates/default/genai-environment';

/** The list of all environments. */
export const FLEET_PATH = '/genai-environments';

/** Entity page of an environment. */
export const environmentPath = (name: string) =>
  `/catalog/default/resource/${encodeURIComponent(name)}`;
