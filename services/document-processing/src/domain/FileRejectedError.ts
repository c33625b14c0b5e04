import { DomainError } from '@genai-environments/service-kit';

/**
 * This file cannot be processed, now or ever; the others of its job can. The message
 * becomes the file's reason.
 */
export class FileRejectedError extends DomainError {
  override readonly name = 'FileRejectedError';
  readonly retryable = false;
}
