import type { ExtractedPage } from '../domain/artefacts/pages';
import type { Format } from '../domain/Format';

/** A file as it was uploaded. */
export type ExtractionSource = {
  /** In the object store. */
  key: string;
  /** For messages; never a path. */
  fileName: string;
  /** What the name promises; the content may turn out to be something else. */
  format: Format;
};

/**
 * Port: reads the text of files, with its layout as Markdown: `#` titles, `##` headings,
 * `-` lists, `|` tables.
 *
 * Pages come in order, numbered from 1, and only as fast as they are taken. A file that
 * cannot be read, at whatever page, is a `FileRejectedError` with a reason for people;
 * trouble that may pass is a `DependencyError`. Ending the iteration early, or aborting
 * `signal`, stops the work and frees what it held. Safe to repeat.
 */
export interface TextExtractor {
  extract(
    source: ExtractionSource,
    options: { signal: AbortSignal },
  ): AsyncIterable<ExtractedPage>;
}
