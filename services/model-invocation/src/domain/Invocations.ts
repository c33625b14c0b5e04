import type { UsageLedger } from '../ports/UsageLedger';
import { CallCancelledError, Cancellation } from './Cancellation';
import { textOfMessages } from './content';
import type {
  EmbedRequest,
  Embeddings,
  GenerateRequest,
  Generation,
} from './Model';
import type { ModelCatalog } from './ModelCatalog';
import { estimateTokens } from './tokens';

/** Invokes models on behalf of applications and books every call. */
export class Invocations {
  constructor(
    private readonly options: { catalog: ModelCatalog; usage: UsageLedger },
  ) {}

  /** @throws DomainError as `ModelCatalog.get` and the provider do */
  async generate(
    clientId: string,
    request: GenerateRequest,
    cancellation: Cancellation,
  ): Promise<Generation> {
    const { provider } = this.options.catalog.get(request.model, 'text');
    const asked = () => textOfMessages(request.messages);
    return this.booked(clientId, request.model, asked, () =>
      provider.generate(request, cancellation),
    );
  }

  /** @throws DomainError as `ModelCatalog.get` and the provider do */
  async embed(
    clientId: string,
    request: EmbedRequest,
    cancellation: Cancellation,
  ): Promise<Embeddings> {
    const { provider } = this.options.catalog.get(request.model, 'embedding');
    const asked = () => request.inputs.join('\n');
    return this.booked(clientId, request.model, asked, () =>
      provider.embed(request, cancellation),
    );
  }

  /**
   * Books a call by its outcome. A caller that hangs up is no failure, and what it asked
   * was read: its input is booked by estimate.
   */
  async booked<T extends { inputTokens: number; outputTokens?: number }>(
    clientId: string,
    model: string,
    asked: () => string,
    call: () => Promise<T>,
  ): Promise<T> {
    try {
      const result = await call();
      this.options.usage.record({
        clientId,
        model,
        inputTokens: result.inputTokens,
        outputTokens: result.outputTokens ?? 0,
        failed: false,
      });
      return result;
    } catch (error) {
      const hungUp = error instanceof CallCancelledError;
      this.options.usage.record({
        clientId,
        model,
        inputTokens: hungUp ? estimateTokens(asked()) : 0,
        outputTokens: 0,
        failed: !hungUp,
      });
      throw error;
    }
  }
}
