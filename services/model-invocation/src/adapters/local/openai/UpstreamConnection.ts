/// <reference path="./undiciInternals.d.ts" />
import type { Dispatcher } from 'undici';
// Not from the index: all of undici costs 5 MB of memory and a good part of the boot time.
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent';
import Pool from 'undici/lib/dispatcher/pool';
import { CallCancelledError, Cancellation } from '../../../domain/Cancellation';
import { markSent } from '../../../domain/calls/sent';
import type { UpstreamConfig } from './upstreamConfig';
import { UpstreamTimeoutError } from './upstreamErrors';

/** Head of an answer. */
export type UpstreamHead = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
};

export type UpstreamRequest = {
  method: 'GET' | 'POST';
  /** Below the base address: `/chat/completions`. */
  path: string;
  body?: string;
  /** From the first byte sent to the last received. */
  deadlineMs: number;
};

/** Receives an answer piece by piece. */
export type UpstreamReceiver = {
  onHead(head: UpstreamHead, flow: { resume(): void }): void;
  /** `false` stops reading until `flow.resume()`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  /** Called once, instead of `onEnd`. Marked by `markSent` when the request was sent. */
  onError(error: Error): void;
};

export type ConnectionOptions = {
  upstream: UpstreamConfig;
  /** Longest silence before the head and between two pieces; default 5 min. */
  idleTimeoutMs?: number;
  /** Use `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; default no. */
  useEnvironmentProxy?: boolean;
};

/** Upstreams serve one request per connection, so this is the most they see at once. */
const MAX_CONNECTIONS = 256;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Keep-alive connections to one upstream. Works on undici's dispatch interface: its
 * `request` wraps every answer in a Readable, which costs more than all the rest here.
 */
export class UpstreamConnection {
  private readonly dispatcher: Dispatcher;
  private readonly origin: string;
  private readonly basePath: string;
  private readonly headers: Record<string, string>;

  constructor(options: ConnectionOptions) {
    const { upstream, idleTimeoutMs = 300_000, useEnvironmentProxy } = options;
    const url = new URL(upstream.baseUrl);
    this.origin = url.origin;
    this.basePath = url.pathname.replace(/\/+$/, '');
    this.headers = {
      'content-type': 'application/json',
      ...(upstream.apiKey
        ? { authorization: `Bearer ${upstream.apiKey}` }
        : {}),
    };
    const settings = {
      connections: MAX_CONNECTIONS,
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      connect: { timeout: 5000 },
    };
    this.dispatcher = useEnvironmentProxy
      ? new EnvHttpProxyAgent(settings)
      : new Pool(this.origin, settings);
  }

  /** Sends a request and hands the answer over as it comes. */
  send(
    request: UpstreamRequest,
    receiver: UpstreamReceiver,
    cancellation: Cancellation,
  ): void {
    let controller: Dispatcher.DispatchController | undefined;
    let abortWith: Error | undefined;
    let done = false;
    let isSent = false;

    const abort = (reason: Error) => {
      if (done) return;
      abortWith = reason;
      controller?.abort(reason);
    };
    const deadline = setTimeout(
      () => abort(new UpstreamTimeoutError()),
      request.deadlineMs,
    );
    cancellation.onCancel(() => abort(new CallCancelledError()));
    const end = () => {
      done = true;
      clearTimeout(deadline);
    };

    this.dispatcher.dispatch(
      {
        origin: this.origin,
        path: this.basePath + request.path,
        method: request.method,
        headers: this.headers,
        body: request.body,
      },
      {
        onRequestStart(started) {
          controller = started;
          // Cancelled while it waited for a connection.
          if (abortWith) started.abort(abortWith);
          else isSent = true;
        },
        onResponseStart(started, status, headers) {
          if (status < 200) return;
          receiver.onHead({ status, headers }, started);
        },
        onResponseData(started, chunk) {
          if (!receiver.onData(chunk)) started.pause();
        },
        onResponseEnd() {
          end();
          receiver.onEnd();
        },
        onResponseError(_controller, error) {
          end();
          const told = abortWith ?? error;
          receiver.onError(isSent ? markSent(told) : told);
        },
      },
    );
  }

  /** Sends a request and collects the whole answer. */
  exchange(
    request: UpstreamRequest,
    cancellation: Cancellation,
  ): Promise<UpstreamHead & { body: Buffer }> {
    return new Promise((resolve, reject) => {
      let head: UpstreamHead;
      let size = 0;
      const chunks: Buffer[] = [];
      this.send(
        request,
        {
          onHead: received => {
            head = received;
          },
          onData(chunk) {
            size += chunk.length;
            if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
            return true;
          },
          onEnd() {
            if (size > MAX_ANSWER_BYTES) {
              const tooLong = 'The upstream answered more than 64 MiB';
              reject(markSent(new Error(tooLong)));
              return;
            }
            const body =
              chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
            resolve({ status: head.status, headers: head.headers, body });
          },
          onError: reject,
        },
        cancellation,
      );
    });
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }
}
