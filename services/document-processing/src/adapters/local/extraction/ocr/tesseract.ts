import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** What is used of Tesseract, compiled to WebAssembly. */
export type Tesseract = {
  FS: { writeFile(path: string, data: Uint8Array): void };
  TessBaseAPI: new () => TesseractApi;
};

export type TesseractApi = {
  /** @returns 0 when it is ready */
  Init(dataPath: string | null, language: string, engine: number): number;
  SetVariable(name: string, value: string): boolean;
  /** Reads `/input`. @returns 1 when it is no image */
  SetImageFile(exifOrientation: number, angle: number): number;
  /** @returns 0 when it is done */
  Recognize(monitor: null): number;
  GetTSVText(page: number): string;
};

export type StartedTesseract = { module: Tesseract; api: TesseractApi };

type Core = (options: {
  wasmBinary: Uint8Array;
  print(text: string): void;
  printErr(text: string): void;
}) => Promise<Tesseract>;

/** The engine of neural networks; the data has no other. */
const LSTM_ONLY = 1;

/** Finds columns, blocks and lines by itself; upright pages. */
const AUTOMATIC_SEGMENTATION = '3';

/** The files that `buildExtractionProcess.mjs` puts there. */
export const OCR_FILES = {
  core: 'tesseract.cjs',
  wasm: 'tesseract.wasm',
  data: 'eng.traineddata.gz',
};

/** Starts Tesseract with its data for English. */
export async function startTesseract(
  directory: string,
): Promise<StartedTesseract> {
  const [wasmBinary, packed] = await Promise.all([
    readFile(join(directory, OCR_FILES.wasm)),
    readFile(join(directory, OCR_FILES.data)),
  ]);
  const path = join(directory, OCR_FILES.core);
  const core = createRequire(path)(path) as Core;
  const quiet = () => {};
  const module = await core({ wasmBinary, print: quiet, printErr: quiet });
  const data = await promisify(gunzip)(packed);
  module.FS.writeFile('eng.traineddata', data);
  const api = new module.TessBaseAPI();
  if (api.Init(null, 'eng', LSTM_ONLY) !== 0) {
    throw new Error('Tesseract did not start');
  }
  api.SetVariable('tessedit_pageseg_mode', AUTOMATIC_SEGMENTATION);
  return { module, api };
}
