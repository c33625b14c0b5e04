import type { Queue, ServiceHealth } from '@genai-environments/service-kit';
import { createSqsClient, SqsQueue } from '@genai-environments/service-kit/aws';
import type { AwsConfig, HostedWorker } from '../../config';

const DOCUMENTS = ['extraction', 'chunking', 'ingest'] as const;

/** The queues of an environment that this process knows, on one client. */
export class AwsQueues {
  private readonly client;
  private readonly opened = new Map<HostedWorker, SqsQueue<never>>();

  constructor(private readonly config: AwsConfig) {
    this.client = createSqsClient({ region: config.region });
  }

  get hasDocuments(): boolean {
    return DOCUMENTS.every(name => this.config.queues[name]);
  }

  get hasVectors(): boolean {
    const { queues, vectorBucket, openSearchEndpoint } = this.config;
    return (
      this.hasDocuments &&
      queues.vectorization !== undefined &&
      (vectorBucket ?? openSearchEndpoint) !== undefined
    );
  }

  /** One of those that the configuration has. */
  of<T>(name: HostedWorker): Queue<T> {
    let queue = this.opened.get(name);
    if (!queue) {
      const { url, deadLetterUrl } = this.config.queues[name]!;
      queue = new SqsQueue({
        client: this.client,
        queueUrl: url,
        deadLetterQueueUrl: deadLetterUrl,
      });
      this.opened.set(name, queue);
    }
    return queue as unknown as Queue<T>;
  }

  /** `DOWN` with what is wrong with the first of them that is. */
  async health(names: readonly HostedWorker[]): Promise<ServiceHealth> {
    const states = await Promise.all(
      names.map(async name => {
        this.of(name);
        const state = await this.opened.get(name)!.health();
        return state.status === 'UP'
          ? state
          : { ...state, reason: `Queue of ${name}: ${state.reason}` };
      }),
    );
    return (
      states.find(({ status }) => status === 'DOWN') ?? {
        status: 'UP' as const,
      }
    );
  }

  close(): void {
    this.client.destroy();
  }
}
