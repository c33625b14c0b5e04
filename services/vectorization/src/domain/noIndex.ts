import { NotFoundError } from '@genai-environments/service-kit';

/** An index is unknown, another application's, or was removed meanwhile. */
export function noIndex(): NotFoundError {
  return new NotFoundError(
    'There is no such index, or it was deleted. List the indexes of the store, or create one.',
    { code: 'index_not_found' },
  );
}
