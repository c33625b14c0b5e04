/**
 * This file cannot be read, and why, for people. Of its own, because what the process loads
 * it loads for every file.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly code: string;

  constructor(message: string, options: { code: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = options.code;
  }
}
