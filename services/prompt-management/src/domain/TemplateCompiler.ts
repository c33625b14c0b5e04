import { LruCache } from '@genai-environments/service-kit';
import type { PromptVersion } from './PromptTemplate';
import type {
  CompiledTemplate,
  PromptSyntax,
} from './templates/CompiledTemplate';
import { compileClassic } from './templates/classicTemplate';
import { looksLikeLiquid } from './templates/detectSyntax';
import { TemplateSyntaxError } from './templates/errors';
import { compileLiquid } from './templates/liquidTemplate';

/** Versions whose compiled form is kept: they never change. */
const CACHED_VERSIONS = 200;

/** Reads templates in their syntax. */
export class TemplateCompiler {
  private readonly cache = new LruCache<string, CompiledTemplate>(
    CACHED_VERSIONS,
  );

  /** @throws TemplateSyntaxError when the template cannot be read in its syntax */
  compile(prompt: PromptVersion): CompiledTemplate {
    const cached = this.cache.get(prompt.id);
    if (cached) return cached;
    const compiled = compile(prompt.template, prompt.syntax);
    this.cache.set(prompt.id, compiled);
    return compiled;
  }

  /**
   * Checks a template whose syntax was stated.
   *
   * @throws TemplateSyntaxError
   */
  check(template: string, syntax: PromptSyntax): void {
    compile(template, syntax);
  }

  /**
   * The syntax of a template whose syntax was not stated. Never refuses one: callers that
   * render templates themselves save them in languages of their own.
   */
  detect(template: string): PromptSyntax {
    if (!looksLikeLiquid(template)) return 'classic';
    try {
      compileLiquid(template);
      return 'liquid';
    } catch (error) {
      if (error instanceof TemplateSyntaxError) return 'classic';
      throw error;
    }
  }
}

function compile(template: string, syntax: PromptSyntax): CompiledTemplate {
  return syntax === 'liquid'
    ? compileLiquid(template)
    : compileClassic(template);
}
