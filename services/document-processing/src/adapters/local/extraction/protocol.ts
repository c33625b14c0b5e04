import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type { DocumentFile } from './readDocument';

/**
 * What is said to the process: first the file, then a request for each further page, and
 * leave to read an image.
 */
export type ProcessInput =
  | { type: 'read'; file: DocumentFile }
  | { type: 'next-page' }
  | { type: 'read-image' };

/**
 * What the process says. After each page it waits until it is asked for the next one, and
 * before each image for leave: all processes together read one at a time.
 */
export type ProcessMessage =
  | { type: 'page'; page: ExtractedPage }
  | { type: 'image' }
  | { type: 'done' }
  | { type: 'rejected'; message: string; code: string; cause?: string }
  | { type: 'broken'; cause: string };
