import { Rejection } from './Rejection';
import type { Format } from '../../../domain/Format';

/** A file whose content is not what its name says. */
export function mislabelled(format: Format, content: string): Rejection {
  return new Rejection(
    `The file is named as ${format}, but its content is ${content}. Give it the right extension, or upload the right file.`,
    { code: 'file_mislabelled' },
  );
}

export function damaged(format: Format, cause?: unknown): Rejection {
  return new Rejection(
    `The file cannot be read as ${format}: it is damaged or incomplete. Open it in the program that made it and save it again.`,
    { code: 'file_damaged', cause },
  );
}

export function encrypted(): Rejection {
  return new Rejection(
    'The file is protected by a password. Upload a copy without one.',
    { code: 'file_encrypted' },
  );
}

export function tooLarge(what: string): Rejection {
  return new Rejection(`${what} Split the file into smaller ones.`, {
    code: 'file_too_large',
  });
}

export function noText(): Rejection {
  return new Rejection('The file holds no text.', {
    code: 'file_without_text',
  });
}

/** Pictures of text: reading them is the job of OCR. */
export function needsOcr(what: string): Rejection {
  return new Rejection(
    `${what} Reading text in images takes OCR (Amazon Textract), which this environment does not have. Upload a file that holds text, or use an environment on AWS.`,
    { code: 'ocr_unavailable' },
  );
}
