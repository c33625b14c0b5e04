import type { Message } from '@aws-sdk/client-sqs';
import type { QueueMessage } from '../../ports';

/** Of a body that is not JSON, which is kept for people to look at. */
const MAX_STRANGE_LENGTH = 10_000;

/** A body that is not JSON is its text then, as far as it is kept. */
export function toDelivery<T>(message: Message): QueueMessage<T> {
  const { Body = '' } = message;
  return {
    id: message.MessageId!,
    body: isJson(message)
      ? (JSON.parse(Body) as T)
      : (Body.slice(0, MAX_STRANGE_LENGTH) as T),
    receipt: message.ReceiptHandle!,
    deliveries: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
  };
}

export function isJson({ Body = '' }: Message): boolean {
  try {
    JSON.parse(Body);
    return true;
  } catch {
    return false;
  }
}
