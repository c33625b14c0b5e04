import { createApiRef } from '@backstage/core-plugin-api';
import type { GenaiEnvironmentsClient } from '@genai-environments/backstage-plugin-genai-environments-common';

/** What the frontend needs of the backend: the public methods of the common client. */
export type GenaiEnvironmentsApi = Pick<
  GenaiEnvironmentsClient,
  keyof GenaiEnvironmentsClient
>;

/**
 * The only way in which this plugin reaches the backend. Implemented by
 * `GenaiEnvironmentsClient` over the app's discovery and fetch APIs.
 */
export const genaiEnvironmentsApiRef = createApiRef<GenaiEnvironmentsApi>({
  id: 'plugin.genai-environments.client',
});
