import { TextractClient } from '@aws-sdk/client-textract';
import type { Logger, ObjectStore } from '@genai-environments/service-kit';
import type { TextExtractor } from '../../../ports/TextExtractor';
import { TextractExtractor } from './TextractExtractor';

const CONNECT_TIMEOUT_MS = 5000;
const ANSWER_TIMEOUT_MS = 30_000;

/** An extractor with a client of its own; nothing is asked of Textract yet. */
export function createTextractExtractor(options: {
  /** Of Textract, and of the bucket. */
  region: string;
  /** Of an emulator or a private endpoint. */
  endpoint?: string;
  /** Where `objects` keeps what is uploaded. */
  bucket: string;
  objects: ObjectStore;
  /** Reads all files that are neither images nor PDF. */
  local: TextExtractor;
  logger: Logger;
}): TextractExtractor {
  const { region, endpoint, ...rest } = options;
  const client = new TextractClient({
    region,
    endpoint,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  return new TextractExtractor({ client, ...rest });
}
