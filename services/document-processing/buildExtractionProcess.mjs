/**
 * Bundles the process in which files are parsed. Parsers lie in files of their own, so that
 * a process loads the one it needs: that halves the time of a small file.
 */
import { copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);

/** How long files of earlier builds stay. */
const KEEP_MS = 15 * 60_000;

/**
 * @param {{ outdir: string, minify?: boolean }} options - `outdir` should be its own
 * @returns {Promise<string>} the entry, for `createDocumentProcessing({ extractionEntry })`
 */
export async function buildExtractionProcess({ outdir, minify = true }) {
  const { metafile } = await build({
    entryPoints: {
      extractionProcess: fileURLToPath(
        new URL('./src/extractionProcess.ts', import.meta.url),
      ),
    },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minifySyntax: minify,
    minifyWhitespace: minify,
    keepNames: minify,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [withImageDecoders()],
    // Most parsers are CommonJS and ask for modules of Node.
    banner: {
      js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);",
    },
  });
  await copyOcr(join(outdir, 'ocr'));
  await removeOld(
    outdir,
    new Set(Object.keys(metafile.outputs).map(path => basename(path))),
  );
  return `${outdir}/extractionProcess.mjs`;
}

/**
 * Names of files tell their content, so those of earlier builds stay beside. A process that
 * has begun may still ask for them, for as long as it takes to read a file.
 */
async function removeOld(directory, names) {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || names.has(entry.name)) continue;
    const file = join(directory, entry.name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > KEEP_MS) await rm(file, { force: true });
  }
}

/**
 * Gives pdf.js back its decoders of CCITT, JBIG2 and JPEG 2000, which most scanners use and
 * unpdf leaves out: those in plain JavaScript, of the same release.
 */
function withImageDecoders() {
  const stub = '_getModule(e){return this.#a}';
  const load = name => `import(${JSON.stringify(require.resolve(name))})`;
  const jbig2 = load('pdfjs-dist/wasm/jbig2_nowasm_fallback.js');
  const openJpeg = load('pdfjs-dist/wasm/openjpeg_nowasm_fallback.js');
  const { version } = require('pdfjs-dist/package.json');
  return {
    name: 'with-image-decoders',
    setup({ onLoad }) {
      onLoad({ filter: /unpdf[\\/]dist[\\/]pdfjs\.mjs$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (source.split(stub).length !== 2 || !source.includes(version)) {
          throw new Error(
            `unpdf has another pdf.js than ${version}: install the pdfjs-dist it was made of, and look where it loads decoders.`,
          );
        }
        const contents = source.replace(
          stub,
          () =>
            `async _getModule(){return this.#a??=await(this._filename==="jbig2.wasm"?${jbig2}:${openJpeg}).then(m=>m.default({}))}`,
        );
        return { contents, loader: 'js' };
      });
    },
  };
}

/** Tesseract and its data for English: 6 MB, which only a process that meets an image reads. */
async function copyOcr(directory) {
  const core = dirname(require.resolve('tesseract.js-core/package.json'));
  const data = dirname(require.resolve('@tesseract.js-data/eng/package.json'));
  const files = {
    'tesseract.cjs': join(core, 'tesseract-core-simd-lstm.js'),
    'tesseract.wasm': join(core, 'tesseract-core-simd-lstm.wasm'),
    'eng.traineddata.gz': join(data, '4.0.0_best_int/eng.traineddata.gz'),
    LICENSE: join(core, 'LICENSE'),
  };
  await mkdir(directory, { recursive: true });
  await Promise.all(
    Object.entries(files).map(([name, file]) =>
      copyFile(file, join(directory, name)),
    ),
  );
}
