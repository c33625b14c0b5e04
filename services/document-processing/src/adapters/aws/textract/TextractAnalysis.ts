import {
  GetDocumentAnalysisCommand,
  type GetDocumentAnalysisCommandOutput,
  StartDocumentAnalysisCommand,
  type TextractClient,
} from '@aws-sdk/client-textract';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { explainTextract, isBusy, stillRunning } from './textractErrors';

export type TextractPace = {
  /** Between two looks at an analysis: it grows from the first to the longest. */
  firstMs: number;
  longestMs: number;
  /** For one file, all in all. */
  deadlineMs: number;
};

export const DEFAULT_PACE: TextractPace = {
  firstMs: 1000,
  longestMs: 15_000,
  deadlineMs: 30 * 60_000,
};

const GROWTH = 1.5;

/** What Textract answers at most at once. */
const MAX_RESULTS = 1000;

type Document = { bucket: string; key: string };

/** Orders the analysis of an object and waits for it. */
export class TextractAnalysis {
  private readonly deadline: number;

  constructor(
    private readonly options: {
      client: TextractClient;
      pace: TextractPace;
      signal: AbortSignal;
    },
  ) {
    this.deadline = performance.now() + options.pace.deadlineMs;
  }

  /**
   * Ordered again for the same object it is the same analysis: a process that dies pays
   * once.
   *
   * @param attempt - another number is another analysis
   */
  async start(document: Document, attempt: number): Promise<string> {
    const { bucket, key } = document;
    const token = createHash('sha256').update(`${attempt} ${bucket} ${key}`);
    const command = new StartDocumentAnalysisCommand({
      DocumentLocation: { S3Object: { Bucket: bucket, Name: key } },
      FeatureTypes: ['LAYOUT', 'TABLES'],
      ClientRequestToken: token.digest('hex'),
    });
    const { client, signal } = this.options;
    const { JobId } = await this.insist(() =>
      client.send(command, { abortSignal: signal }),
    );
    return JobId!;
  }

  /** The first part of what it found, once it has ended. */
  async untilEnded(jobId: string): Promise<GetDocumentAnalysisCommandOutput> {
    const wait = this.pauses();
    for (;;) {
      await wait();
      const part = await this.read(jobId);
      if (part.JobStatus !== 'IN_PROGRESS') return part;
    }
  }

  /** One part of what it found, after another. */
  async read(
    jobId: string,
    nextToken?: string,
  ): Promise<GetDocumentAnalysisCommandOutput> {
    const command = new GetDocumentAnalysisCommand({
      JobId: jobId,
      NextToken: nextToken,
      MaxResults: MAX_RESULTS,
    });
    const { client, signal } = this.options;
    return this.insist(() => client.send(command, { abortSignal: signal }));
  }

  /** Quotas are few requests a second for all tasks of an account: who is refused waits. */
  private async insist<R>(request: () => Promise<R>): Promise<R> {
    const wait = this.pauses();
    for (;;) {
      try {
        return await request();
      } catch (error) {
        this.options.signal.throwIfAborted();
        const isLate = performance.now() > this.deadline;
        if (!isBusy(error) || isLate) throw explainTextract(error);
        await wait();
      }
    }
  }

  /** Jitter keeps those who were refused together from coming back together. */
  private pauses(): () => Promise<void> {
    const { pace, signal } = this.options;
    let ms = pace.firstMs;
    return async () => {
      if (performance.now() > this.deadline) {
        throw stillRunning(pace.deadlineMs / 60_000);
      }
      const thisTime = ms * (0.75 + Math.random() / 2);
      await pause(thisTime, undefined, { signal }).catch(() =>
        signal.throwIfAborted(),
      );
      ms = Math.min(pace.longestMs, ms * GROWTH);
    };
  }
}
