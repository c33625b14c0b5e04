/**
 * Reasoning that the model's provider encrypted has no text. It travels as a signature
 * that begins with this, and goes back as it came.
 */
export const REDACTED = 'redacted:';
