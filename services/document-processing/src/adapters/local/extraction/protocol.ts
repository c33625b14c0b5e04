import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type { DocumentFile } from './readDocument';

/** What is said to the process: first the file, then a request for each further page. */
export type ProcessInput =
  | { type: 'read'; file: DocumentFile }
  | { type: 'next-page' };

/** What the process says. After each page it waits until it is asked for the next one. */
export type ProcessMessage =
  | { type: 'page'; page: ExtractedPage }
  | { type: 'done' }
  | { type: 'rejected'; message: string; code: string; cause?: string }
  | { type: 'broken'; cause: string };
