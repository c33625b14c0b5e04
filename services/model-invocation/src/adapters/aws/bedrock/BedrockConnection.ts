/// <reference path="../../local/openai/undiciInternals.d.ts" />
import type { Clock } from '@genai-environments/service-kit';
import type { Dispatcher } from 'undici';
// Not from the index: all of undici costs 5 MB of memory and a good part of the boot time.
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent';
import Pool from 'undici/lib/dispatcher/pool';
import { Cancellation } from '../../../domain/Cancellation';
import {
  AnswerTooLongError,
  type BedrockHead,
  BedrockExchange,
  type BedrockReceiver,
} from './BedrockExchange';
import type { CredentialCache } from './CredentialCache';
import { type AwsCredentials, RequestSigner } from './RequestSigner';

export type BedrockRequest = {
  /** Percent-encoded: `/model/amazon.nova-lite-v1%3A0/converse`. */
  path: string;
  /** JSON. */
  body: string;
  /** From the first byte sent to the last received. */
  deadlineMs: number;
};

export type BedrockAnswer = BedrockHead & {
  body: Buffer;
  /** Those the request was signed with. */
  credentials?: AwsCredentials;
};

/** One request per connection, so this is the most calls at once; others wait. */
const MAX_CONNECTIONS = 256;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** A new connection to AWS costs two round trips; it closes idle ones after a minute. */
const KEEP_ALIVE_MS = 30_000;

/** Signed requests over kept connections to Bedrock's runtime in one region. */
export class BedrockConnection {
  private readonly dispatcher: Dispatcher;
  private readonly origin: string;
  private readonly basePath: string;
  private readonly host: string;
  private readonly signer: RequestSigner;

  constructor(
    private readonly options: {
      region: string;
      /** Address of Bedrock's runtime. */
      endpoint: string;
      credentials: CredentialCache;
      clock: Clock;
      /** Longest silence before the head and between two pieces. */
      idleTimeoutMs: number;
      /** Use `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
      useEnvironmentProxy?: boolean;
    },
  ) {
    const { region, endpoint, idleTimeoutMs } = options;
    const url = new URL(endpoint);
    this.origin = url.origin;
    this.host = url.host;
    this.basePath = url.pathname.replace(/\/+$/, '');
    this.signer = new RequestSigner({
      ...{ region, service: 'bedrock' },
      headers: { 'content-type': 'application/json', host: this.host },
    });
    const settings = {
      connections: MAX_CONNECTIONS,
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Calls that share a connection would break together.
      allowH2: false,
      connect: { timeout: 5000 },
    };
    this.dispatcher = options.useEnvironmentProxy
      ? new EnvHttpProxyAgent(settings)
      : new Pool(this.origin, settings);
  }

  /** Sends a request and hands the answer over as it comes. */
  send(
    request: BedrockRequest,
    receiver: BedrockReceiver,
    cancellation: Cancellation,
  ): BedrockExchange {
    const exchange = new BedrockExchange({
      receiver,
      deadlineMs: request.deadlineMs,
      cancellation,
    });
    const { credentials } = this.options;
    const current = credentials.current();
    if (current instanceof Promise) {
      current.then(
        fetched => this.dispatch(request, exchange, fetched),
        error => exchange.abort(error),
      );
    } else {
      this.dispatch(request, exchange, current);
    }
    return exchange;
  }

  /** Sends a request and collects the whole answer. */
  exchange(
    request: BedrockRequest,
    cancellation: Cancellation,
  ): Promise<BedrockAnswer> {
    return new Promise((resolve, reject) => {
      let head: BedrockHead;
      let size = 0;
      const chunks: Buffer[] = [];
      const exchange = this.send(
        request,
        {
          onHead(received) {
            head = received;
          },
          onData(chunk) {
            size += chunk.length;
            chunks.push(chunk);
            if (size > MAX_ANSWER_BYTES)
              exchange.abort(new AnswerTooLongError());
            return true;
          },
          onEnd() {
            const body =
              chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
            resolve({ ...head, body, credentials: exchange.credentials });
          },
          onError: reject,
        },
        cancellation,
      );
    });
  }

  /** Resolves when credentials are there and the address answers, whatever it says. */
  async reach(deadlineMs: number): Promise<void> {
    await this.options.credentials.current();
    await new Promise<void>((resolve, reject) => {
      const exchange = new BedrockExchange({
        receiver: {
          onHead: () => resolve(),
          onData: () => true,
          onEnd: () => resolve(),
          onError: reject,
        },
        deadlineMs,
        cancellation: new Cancellation(),
      });
      this.dispatcher.dispatch(
        {
          origin: this.origin,
          method: 'GET',
          path: `${this.basePath}/`,
          headers: { host: this.host },
        },
        exchange,
      );
    });
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }

  private dispatch(
    request: BedrockRequest,
    exchange: BedrockExchange,
    credentials: AwsCredentials,
  ): void {
    if (exchange.isSettled) return;
    const path = this.basePath + request.path;
    const body = Buffer.from(request.body);
    exchange.credentials = credentials;
    const headers = this.signer.sign(
      { method: 'POST', path, body },
      credentials,
      this.options.clock.now(),
    );
    this.dispatcher.dispatch(
      { origin: this.origin, method: 'POST', path, headers, body },
      exchange,
    );
  }
}
