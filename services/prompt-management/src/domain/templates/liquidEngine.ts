import type { Context, Emitter, Liquid, Template } from 'liquidjs';
import { MAX_RENDERED_LENGTH } from './errors';

/** Longest time a render may take, in milliseconds. */
const RENDER_LIMIT_MS = 500;

/** Tags that read other templates; there are none to read. */
const FILE_TAGS = ['include', 'render', 'layout', 'block'];

/**
 * The Liquid language without files, and with limits of time and size that hold for
 * whatever a template does.
 */
export function createLiquidEngine(): Liquid {
  // `require`: loaded at the first template in the language, and at once.
  const liquidjs =
    // eslint-disable-next-line global-require
    require('liquidjs') as typeof import('liquidjs');
  const engine = new liquidjs.Liquid({
    strictVariables: true,
    strictFilters: true,
    // `{% if name %}` and `default` are how templates ask whether there is a value.
    lenientIf: true,
    ownPropertyOnly: true,
    // All missing variables are told at once.
    catchAllErrors: true,
    // Without these the language looks for files.
    templates: {},
    timezoneOffset: 0,
    locale: 'en-US',
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MAX_RENDERED_LENGTH,
  });
  for (const tag of FILE_TAGS) delete engine.tags[tag];
  limitOutput(engine, liquidjs.toValue);
  return engine;
}

/** Takes a value out of the object in which the language keeps it. */
type ToValue = (value: unknown) => unknown;

class LimitedEmitter implements Emitter {
  buffer = '';

  constructor(
    private readonly options: { context: Context; toValue: ToValue },
  ) {}

  write(value: unknown): void {
    const { context, toValue } = this.options;
    const text = toText(value, toValue);
    context.memoryLimit.use(text.length);
    this.buffer += text;
  }
}

/**
 * The language's memory limit counts what filters make, not what is written: a capture
 * that holds itself twice would double the text at every line.
 */
function limitOutput(engine: Liquid, toValue: ToValue): void {
  const { renderer } = engine;
  const renderTemplates = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = (
    templates: Template[],
    context: Context,
    emitter: Emitter = new LimitedEmitter({ context, toValue }),
  ) => renderTemplates(templates, context, emitter);
}

/** As Liquid does it, but objects as JSON: `[object Object]` helps no model. */
function toText(written: unknown, toValue: ToValue): string {
  const value = toValue(written);
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value))
    return value.map(item => toText(item, toValue)).join('');
  if (isPlainObject(value)) return JSON.stringify(value);
  return String(value);
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
