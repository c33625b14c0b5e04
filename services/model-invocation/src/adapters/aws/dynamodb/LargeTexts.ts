import {
  DependencyError,
  type ObjectStore,
} from '@genai-environments/service-kit';
import { text as readText } from 'node:stream/consumers';

/** A text, or where it is. */
export type KeptText = { text: string } | { objectKey: string };

/** Well below the 400 KB of an item, of which there may be two in a transaction. */
const LARGE_FROM_BYTES = 256 * 1024;
const PREFIX = 'async-invocations/';

/** Texts of items; those too large for one are in the object store. */
export class LargeTexts {
  constructor(private readonly options: { objects: ObjectStore }) {}

  /** Durable when it resolves. Replaces what has the same name. */
  async keep(name: string, text: string): Promise<KeptText> {
    if (Buffer.byteLength(text) < LARGE_FROM_BYTES) return { text };
    const objectKey = `${PREFIX}${name}`;
    await this.options.objects.put(objectKey, text, {
      contentType: 'application/json',
    });
    return { objectKey };
  }

  /** @throws DependencyError when the object is gone */
  async read(kept: KeptText): Promise<string> {
    if ('text' in kept) return kept.text;
    const object = await this.options.objects.get(kept.objectKey);
    if (object) return readText(object.body);
    throw new DependencyError(
      'What this invocation asked or answered is no longer there. Send it again.',
      { kind: 'failed', retryable: false, code: 'invocation_content_gone' },
    );
  }

  async forget(kept: KeptText): Promise<void> {
    if ('objectKey' in kept) await this.options.objects.delete(kept.objectKey);
  }
}
