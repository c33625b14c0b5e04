const { createTransformer } = require('@swc/jest');

const commonJs = {
  type: 'commonjs',
  // Node's own import() stays.
  ignoreDynamic: true,
  exportInteropAnnotation: true,
};
const transformers = Object.fromEntries(
  ['ecmascript', 'typescript'].map(syntax => [
    syntax,
    createTransformer({
      inputSourceMap: false,
      module: commonJs,
      jsc: { parser: { syntax } },
    }),
  ]),
);

const transformerOf = file =>
  transformers[/\.[cm]?ts$/.test(file) ? 'typescript' : 'ecmascript'];

/** TypeScript, and JavaScript that is written as ES modules. */
module.exports = {
  process(source, file, options) {
    const isPlain =
      /\.c?js$/.test(file) && !/\b(?:import|export)\b/.test(source);
    return isPlain
      ? { code: source }
      : transformerOf(file).process(source, file, options);
  },
  getCacheKey: (source, file, options) =>
    transformerOf(file).getCacheKey(source, file, options),
};
