/** Backstage plugin id; also the path segment of the REST API. */
export const GENAI_ENVIRONMENTS_PLUGIN_ID = 'genai-environments';

/** Annotation on catalog entities that names the environment they belong to. */
export const GENAI_ENVIRONMENT_ANNOTATION = 'genai-environments.io/environment';

/** `spec.type` of the catalog Resource that represents an environment. */
export const GENAI_ENVIRONMENT_RESOURCE_TYPE = 'genai-environment';

/**
 * Topic on which the backend publishes `{ name, uid, phase, sequence }` after each
 * change of an environment. Subscribers must treat it as a hint and read the state
 * through the API: events may be lost, repeated or reordered.
 */
export const GENAI_ENVIRONMENTS_TOPIC = 'genai-environments';

/** Channel of the browser signal with the same payload as the topic. */
export const GENAI_ENVIRONMENTS_SIGNAL_CHANNEL = 'genai-environments';
