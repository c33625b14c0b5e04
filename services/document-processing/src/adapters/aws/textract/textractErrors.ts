import { DependencyError, DomainError } from '@genai-environments/service-kit';
import { toDependencyError } from '@genai-environments/service-kit/aws';
import { FileRejectedError } from '../../../domain/FileRejectedError';

const BUSY =
  /Throttl|ProvisionedThroughputExceeded|LimitExceeded|InternalServerError/;

/** Whether Textract has too much to do, or stumbled: asking again a little later helps. */
export function isBusy(error: unknown): boolean {
  return BUSY.test((error as Error).name);
}

export function unreadable(cause?: unknown): FileRejectedError {
  return new FileRejectedError(
    'Amazon Textract cannot read the file: it is damaged, protected by a password, or not what its extension says. Open it in the program that made it and save it again, without a password.',
    { code: 'file_damaged', cause },
  );
}

export function stillRunning(minutes: number): DependencyError {
  return new DependencyError(
    `Amazon Textract has not finished the file within ${minutes} minutes. Upload it again later, or split it into smaller ones.`,
    { kind: 'timeout', retryable: true, code: 'textract_timeout' },
  );
}

/** What Textract says, as an error of the port. */
export function explainTextract(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  switch ((error as Error).name) {
    case 'UnsupportedDocumentException':
    case 'BadDocumentException':
      return unreadable(error);
    case 'DocumentTooLargeException':
      return new FileRejectedError(
        'Amazon Textract takes images of at most 10 MB, and PDF or TIFF files of at most 500 MB and 3000 pages. Split the file or reduce its resolution.',
        { code: 'file_too_large', cause: error },
      );
    case 'InvalidS3ObjectException':
      return new DependencyError(
        'Amazon Textract cannot get the uploaded file from the bucket: it was deleted, or the permissions of this environment are not complete. If other files fail too, tell the owner of the environment.',
        {
          kind: 'failed',
          retryable: false,
          code: 'textract_no_access',
          cause: error,
        },
      );
    case 'InvalidJobIdException':
      return new DependencyError(
        'Amazon Textract has lost the work on this file. Try again.',
        { kind: 'failed', retryable: true, cause: error },
      );
    default:
      return isBusy(error) ? busy(error) : failed(error);
  }
}

function busy(cause: unknown): DependencyError {
  return new DependencyError(
    'Amazon Textract has more to do than the quotas of this account allow. Try again later.',
    { kind: 'unavailable', retryable: true, code: 'textract_busy', cause },
  );
}

function failed(error: unknown): DependencyError {
  return toDependencyError(error, { what: 'Amazon Textract' });
}
