/** One thing that is wrong with a request; `path` names the field. */
export type Issue = { path: string; message: string };

/** A request that is answered with an error; `message` says what to do about it. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly issues: Issue[];

  constructor(
    status: number,
    message: string,
    options: { headers?: Record<string, string>; issues?: Issue[] } = {},
  ) {
    super(message);
    this.status = status;
    this.headers = options.headers ?? {};
    this.issues = options.issues ?? [];
  }
}
