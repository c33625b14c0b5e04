import { InvalidInputError } from '@genai-environments/service-kit';

/** Kinds of files, by what their content is. */
export const FORMATS = [
  'txt',
  'md',
  'html',
  'json',
  'jsonl',
  'csv',
  'pdf',
  'docx',
  'xlsx',
  'png',
  'jpeg',
  'tiff',
] as const;

/** Largest file, in bytes. */
export const MAX_FILE_BYTES = 200 * 1024 * 1024;

export type Format = (typeof FORMATS)[number];

const BY_EXTENSION: Record<string, Format> = {
  ...Object.fromEntries(FORMATS.map(format => [format, format])),
  htm: 'html',
  jpg: 'jpeg',
  tif: 'tiff',
};

/**
 * The format that a file's name promises.
 *
 * @throws InvalidInputError when it is none that can be extracted
 */
export function formatOf(fileName: string): Format {
  const extension = /\.([^.]+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
  if (Object.hasOwn(BY_EXTENSION, extension)) return BY_EXTENSION[extension];
  throw new InvalidInputError(
    `${quoteName(
      fileName,
    )} has no extension that can be extracted. Use one of: ${Object.keys(
      BY_EXTENSION,
    ).join(', ')}.`,
    { code: 'unsupported_file_type' },
  );
}

/** A file's name as messages show it. */
export function quoteName(fileName: string): string {
  return JSON.stringify(
    fileName.length > 100 ? `${fileName.slice(0, 99)}…` : fileName,
  );
}
