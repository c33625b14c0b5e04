import {
  estimateJsonTokens,
  estimateTokens,
  IMAGE_TOKENS,
} from '../../domain/tokens';

type Raw = Record<string, unknown>;

/** Members whose schemas a model reads as they are, not only the texts in them. */
const SCHEMAS: ReadonlySet<string> = new Set([
  ...['tools', 'toolConfig', 'functions', 'input', 'input_schema'],
]);
/** Words of the format itself. */
const NOT_READ: ReadonlySet<string> = new Set([
  ...['role', 'type', 'media_type', 'format', 'anthropic_version', 'id'],
]);

/**
 * Tokens that a request in a model's own format takes where nobody counts them. May come
 * to more than was reserved by its bytes: an image can be smaller than its tokens.
 */
export function estimateRaw(value: unknown): number {
  if (typeof value === 'string') return estimateTokens(value);
  if (typeof value !== 'object' || value === null) return 0;
  let tokens = 0;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'source' && isImageData(member)) {
      tokens += IMAGE_TOKENS;
    } else if (SCHEMAS.has(name)) {
      tokens += estimateJsonTokens(JSON.stringify(member));
    } else if (!NOT_READ.has(name) || typeof member !== 'string') {
      tokens += estimateRaw(member);
    }
  }
  return tokens;
}

/**
 * Where Anthropic's and Amazon's formats have the base64 of an image or a file: no model
 * reads that as text.
 */
function isImageData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type, data, bytes } = value as Raw;
  return (
    typeof bytes === 'string' || (type === 'base64' && typeof data === 'string')
  );
}
