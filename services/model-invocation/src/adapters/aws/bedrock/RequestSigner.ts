import { createHmac, hash } from 'node:crypto';
import { HmacKey } from './HmacKey';

/** Credentials of AWS. Temporary ones have a session token and expire. */
export type AwsCredentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
};

/** A request as it will be sent. */
export type SignableRequest = {
  method: string;
  /** Percent-encoded, without query: no operation of Bedrock's runtime has one. */
  path: string;
  body: Buffer;
};

/** What a signature says about the headers, around the two that change with each request. */
type HeaderLines = {
  /** Whose session token is among them. */
  credentials: AwsCredentials;
  before: string;
  /** Between the hash of the body and the time. */
  between: string;
  after: string;
  names: string;
};

/** All signatures of one day with one secret. */
type DayKey = { day: string; secret: string; value: HmacKey };

const ALGORITHM = 'AWS4-HMAC-SHA256';
const BODY_HASH = 'x-amz-content-sha256';
const TIME = 'x-amz-date';
const SESSION_TOKEN = 'x-amz-security-token';

/**
 * Signs requests with Signature Version 4. Gives the same signatures as
 * `@smithy/signature-v4` at a tenth of its CPU (`docs/adr/0010`).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export class RequestSigner {
  private readonly scope: string;
  /** Few: three for each model that is configured. */
  private readonly paths = new Map<string, string>();
  private lines: HeaderLines | undefined;
  private key: DayKey | undefined;
  private time = { second: NaN, text: '' };

  constructor(
    private readonly options: {
      region: string;
      service: string;
      /** Sent and signed with every request, `host` included; names in lower case. */
      headers: Readonly<Record<string, string>>;
    },
  ) {
    this.scope = `${options.region}/${options.service}/aws4_request`;
  }

  /**
   * Answers the headers to send: those of all requests, `x-amz-*` and `authorization`.
   *
   * @param now - milliseconds since 1970
   */
  sign(
    { method, path, body }: SignableRequest,
    credentials: AwsCredentials,
    now: number,
  ): Record<string, string> {
    const time = this.formatTime(now);
    const scope = `${time.slice(0, 8)}/${this.scope}`;
    const bodyHash = hash('sha256', body, 'hex');
    const lines = this.linesFor(credentials);
    const canonical = `${method}\n${this.canonicalPath(path)}\n\n${
      lines.before
    }${BODY_HASH}:${bodyHash}\n${lines.between}${TIME}:${time}\n${
      lines.after
    }\n${lines.names}\n${bodyHash}`;
    const signature = this.keyOf(time.slice(0, 8), credentials).sign(
      `${ALGORITHM}\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`,
    );
    const headers: Record<string, string> = {
      ...this.options.headers,
      [BODY_HASH]: bodyHash,
      [TIME]: time,
      authorization: `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${lines.names}, Signature=${signature}`,
    };
    const { sessionToken } = credentials;
    if (sessionToken) headers[SESSION_TOKEN] = sessionToken;
    return headers;
  }

  /** The same from one request to the next, as long as the credentials are. */
  private linesFor(credentials: AwsCredentials): HeaderLines {
    if (this.lines?.credentials === credentials) return this.lines;

    const { sessionToken } = credentials;
    const headers: Record<string, string> = {
      ...this.options.headers,
      ...(sessionToken ? { [SESSION_TOKEN]: sessionToken } : {}),
    };
    const given = Object.keys(headers).sort();
    const linesOf = (names: string[]) =>
      names.map(name => `${name}:${canonicalValue(headers[name])}\n`).join('');
    this.lines = {
      credentials,
      before: linesOf(given.filter(name => name < BODY_HASH)),
      between: linesOf(given.filter(name => name > BODY_HASH && name < TIME)),
      after: linesOf(given.filter(name => name > TIME)),
      names: [...given, BODY_HASH, TIME].sort().join(';'),
    };
    return this.lines;
  }

  /** The signing key is the same for a whole day. */
  private keyOf(day: string, { secretAccessKey }: AwsCredentials): HmacKey {
    const { key } = this;
    if (key?.day === day && key.secret === secretAccessKey) return key.value;

    const bytes = [day, ...this.scope.split('/')].reduce(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      Buffer.from(`AWS4${secretAccessKey}`),
    );
    const value = new HmacKey(bytes);
    this.key = { day, secret: secretAccessKey, value };
    return value;
  }

  /** The path, encoded once more: every service but S3 wants that. */
  private canonicalPath(path: string): string {
    let canonical = this.paths.get(path);
    if (canonical === undefined) {
      canonical = path.split('/').map(encodeSegment).join('/');
      this.paths.set(path, canonical);
    }
    return canonical;
  }

  /** `20261125T040000Z`. */
  private formatTime(now: number): string {
    const second = Math.floor(now / 1000);
    if (this.time.second !== second) {
      const text = new Date(second * 1000).toISOString().slice(0, 19);
      this.time = { second, text: `${text.replaceAll(/[-:]/g, '')}Z` };
    }
    return this.time.text;
  }
}

/** Percent-encodes all but the characters that RFC 3986 calls unreserved. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function canonicalValue(value: string): string {
  return value.trim().replaceAll(/\s+/g, ' ');
}
