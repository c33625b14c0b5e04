import { CallCancelledError, type Cancellation } from '../domain/Cancellation';
import type {
  Embeddings,
  GenerateRequest,
  Generation,
  GenerationPart,
  Model,
} from '../domain/Model';
import type { NativeModelProvider } from '../ports/ModelProvider';

/** A native provider that answers what a test tells it, and remembers what it was asked. */
export class ScriptedModelProvider implements NativeModelProvider {
  readonly protocol = 'native';
  readonly id = 'scripted';
  readonly models: readonly Model[];
  readonly asked: GenerateRequest[] = [];
  generation: Generation = {
    text: 'Done.',
    finishReason: 'stop',
    inputTokens: 5,
    outputTokens: 2,
  };
  parts: GenerationPart[] = [
    { type: 'text-delta', text: 'Done.' },
    { type: 'finish', finishReason: 'stop', inputTokens: 5, outputTokens: 2 },
  ];

  constructor(...ids: string[]) {
    this.models = ids.map(id => ({ id, kind: 'text', provider: 'scripted' }));
  }

  async generate(
    request: GenerateRequest,
    _cancellation: Cancellation,
  ): Promise<Generation> {
    this.asked.push(request);
    return this.generation;
  }

  async *stream(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): AsyncIterable<GenerationPart> {
    this.asked.push(request);
    for (const part of this.parts) {
      if (cancellation.isCancelled) throw new CallCancelledError();
      yield part;
    }
  }

  async embed(): Promise<Embeddings> {
    return { vectors: [], inputTokens: 0 };
  }

  async health() {
    return { status: 'UP' as const };
  }

  async close(): Promise<void> {}
}
