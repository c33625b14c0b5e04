import type { PdfTextItem } from '../pdfLayout';

/** Levels of the rows that are used: lines hold words. */
const LINE = 4;
const WORD = 5;

/** In hundredths: words below are mostly what pictures look like. */
const LEAST_CONFIDENCE = 30;

/** In heights of the line: a wider gap divides columns. */
const COLUMN_GAP = 1.8;

type Box = { left: number; top: number; width: number; height: number };

/** What was seen on a page. */
export type SeenText = {
  items: PdfTextItem[];
  /** Mean over all words, in hundredths; 0 when there are none. */
  confidence: number;
};

/**
 * Words of Tesseract's TSV as text with a place, like that of a PDF. Words take the height
 * and place of their line: their own tell which letters they have.
 */
export function readTsv(tsv: string): SeenText {
  let words = 0;
  let confidences = 0;
  const items: PdfTextItem[] = [];
  let line: Box = { left: 0, top: 0, width: 0, height: 0 };
  for (const row of tsv.split('\n')) {
    const columns = row.split('\t');
    const [left, top, width, height, confidence] = columns
      .slice(6, 11)
      .map(Number);
    const level = Number(columns[0]);
    const text = (columns[11] ?? '').trim();
    if (level === LINE) line = { left, top, width, height };
    if (level !== WORD || text === '') continue;
    words += 1;
    confidences += confidence;
    if (confidence < LEAST_CONFIDENCE) continue;
    const before = items.at(-1);
    const end = before ? before.transform[4] + before.width : 0;
    const bottom = -(line.top + line.height);
    const isNear =
      before?.transform[5] === bottom && left - end < line.height * COLUMN_GAP;
    items.push({
      // Only a gap that divides no columns is a space.
      str: isNear ? ` ${text}` : text,
      transform: [1, 0, 0, 1, isNear ? end : left, bottom],
      width: isNear ? left + width - end : width,
      height: line.height,
      hasEOL: false,
    });
  }
  return { items, confidence: words && confidences / words };
}
