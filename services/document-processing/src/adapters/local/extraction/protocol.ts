import type { ExtractedPage } from '../../../domain/artefacts/pages';
import type { DocumentFile } from './readDocument';

/** What the thread is started with. */
export type ThreadInput = DocumentFile;

/** What the thread says. After each page it waits until it is asked for the next one. */
export type ThreadMessage =
  | { type: 'page'; page: ExtractedPage }
  | { type: 'done' }
  | { type: 'rejected'; message: string; code: string; cause?: string }
  | { type: 'broken'; cause: string };

/** The only thing that is said to the thread. */
export const NEXT_PAGE = 'next-page';
