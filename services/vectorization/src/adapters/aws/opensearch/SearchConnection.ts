import { type Clock, DependencyError } from '@genai-environments/service-kit';
import { SignatureV4 } from '@smithy/signature-v4';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeSha256 } from './NodeSha256';

/** Where credentials come from; called for each request. */
export type CredentialsProvider = () => Promise<{
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}>;

export type SearchRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Without a query. */
  path: string;
  /** JSON, or lines of JSON for `_bulk`. */
  body?: string;
};

/** `body` is parsed JSON; answers are read leniently. */
export type SearchAnswer = { status: number; body: any };

export type SearchConnectionOptions = {
  /** `https://<id>.<region>.aoss.amazonaws.com` */
  endpoint: string;
  region: string;
  credentials: CredentialsProvider;
  clock: Clock;
  fetch?: typeof fetch;
};

const SERVICE = 'aoss';
const DEADLINE_MS = 30_000;
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

/** Signed requests to a collection of OpenSearch Serverless. */
export class SearchConnection {
  private readonly url: URL;
  private readonly signer: SignatureV4;
  private readonly fetch: typeof fetch;

  constructor(private readonly options: SearchConnectionOptions) {
    this.url = new URL(options.endpoint);
    this.fetch = options.fetch ?? fetch;
    this.signer = new SignatureV4({
      region: options.region,
      service: SERVICE,
      credentials: options.credentials,
      sha256: NodeSha256,
    });
  }

  /**
   * Answers what the collection says, 400 and 404 included. Repeats what it has no capacity
   * for, and what met no answer: a bulk request may take effect twice.
   *
   * @throws DependencyError
   */
  async send(request: SearchRequest): Promise<SearchAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.exchange(request);
      const passes = 'error' in answer || mayPass(answer.status);
      if (!passes) return accept(answer);
      if (attempt === MAX_ATTEMPTS) throw unavailable(answer);
      await delay(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
    }
  }

  private async exchange({
    method,
    path,
    body,
  }: SearchRequest): Promise<SearchAnswer | { error: unknown }> {
    const { host, protocol, port, hostname } = this.url;
    const signed = await this.signer.sign(
      {
        method,
        protocol,
        hostname,
        port: port === '' ? undefined : Number(port),
        path,
        query: {},
        headers: {
          host,
          ...(body === undefined ? {} : { 'content-type': contentType(path) }),
        },
        body,
      },
      { signingDate: new Date(this.options.clock.now()) },
    );
    // fetch states the host itself.
    const { host: _, ...headers } = signed.headers;
    try {
      const response = await this.fetch(new URL(path, this.url), {
        method,
        headers,
        body,
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      const text = await response.text();
      return { status: response.status, body: parse(text) };
    } catch (error) {
      return { error };
    }
  }
}

function contentType(path: string): string {
  return path.endsWith('/_bulk') ? 'application/x-ndjson' : 'application/json';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function mayPass(status: number): boolean {
  return status === 429 || status >= 500;
}

function accept(answer: SearchAnswer): SearchAnswer {
  const { status } = answer;
  if (status < 300 || status === 400 || status === 404) return answer;
  throw new DependencyError(
    'The vector store refused the request. Its data access policy or its network policy may be wrong; the log says more.',
    { kind: 'failed', retryable: false, cause: answer },
  );
}

function unavailable(cause: SearchAnswer | { error: unknown }) {
  return new DependencyError(
    'The vector store cannot be reached just now. Try again shortly.',
    {
      kind: 'unavailable',
      retryable: true,
      retryAfterSeconds: 5,
      cause: 'error' in cause ? cause.error : cause,
    },
  );
}
