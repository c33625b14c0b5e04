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
    `${what} Reading text in images takes OCR, which this environment does not have. Upload a file that holds text, or use an environment on AWS.`,
    { code: 'ocr_unavailable' },
  );
}

export function damagedImage(): Rejection {
  return new Rejection(
    'The image cannot be read: it is damaged, incomplete, of an unusual kind, or has too many pixels. Open it in another program and save it again.',
    { code: 'file_damaged' },
  );
}

export function imageTooLarge(): Rejection {
  return new Rejection(
    'The image has more pixels than there is memory for. Scan it with 300 dots per inch, or make it smaller.',
    { code: 'file_too_large' },
  );
}
