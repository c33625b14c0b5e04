import type {
  ModelCall,
  ModelCallOutcome,
  ModelCallSpan,
  Telemetry,
} from '@genai-environments/service-kit';

export type RecordedCall = {
  call: ModelCall;
  input: unknown;
  firstChunks: number;
  outcome?: ModelCallOutcome;
  output?: unknown;
  failure?: { error: unknown; cancelled: boolean };
  /** How often it was ended; more than once is a mistake. */
  ends: number;
};

/** Keeps what it is told of calls of models, contents included. */
export class RecordingTelemetry implements Telemetry {
  readonly calls: RecordedCall[] = [];
  /** Resolves when the first span ends. */
  readonly ended: Promise<void>;
  private noteEnd = () => {};

  constructor() {
    this.ended = new Promise(resolve => {
      this.noteEnd = resolve;
    });
  }

  startModelCall(call: ModelCall): ModelCallSpan {
    const input = call.input?.();
    const recorded: RecordedCall = { call, input, firstChunks: 0, ends: 0 };
    this.calls.push(recorded);
    const end = (what: Partial<RecordedCall>) => {
      Object.assign(recorded, what);
      recorded.ends++;
      this.noteEnd();
    };
    return {
      firstChunk: () => recorded.firstChunks++,
      end: outcome => end({ outcome, output: outcome.output?.() }),
      fail: (error, { cancelled = false } = {}) =>
        end({ failure: { error, cancelled } }),
    };
  }

  addHttpHooks(): void {}

  async close(): Promise<void> {}
}
