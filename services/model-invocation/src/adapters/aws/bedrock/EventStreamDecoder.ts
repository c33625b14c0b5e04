import { crc32 } from 'node:zlib';

/**
 * One message of an AWS event stream. Headers of other types than string are left out; the
 * payload is text, as that of all events of Bedrock is.
 */
export type EventStreamMessage = {
  headers: Readonly<Record<string, string>>;
  payload: string;
};

/** The bytes are no event stream, or were changed on the way. */
export class EventStreamError extends Error {
  override readonly name = 'EventStreamError';
}

const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;
/** AWS allows 24 MiB of payload and 128 KiB of headers. */
const MAX_MESSAGE_BYTES = 24 * 1024 * 1024 + 128 * 1024 + 16;

/** Of headers that are remembered: all streams have the same few, over and over. */
const MAX_KNOWN_HEADERS = 32;
const knownHeaders = new Map<string, EventStreamMessage['headers']>();

const STRING = 7;
const BYTE_ARRAY = 6;
/** Bytes of values by type of header: true, false, byte, short, int, long, …, time, UUID. */
const FIXED_BYTES = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];

/**
 * Decodes `application/vnd.amazon.eventstream`, however its bytes are cut.
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export class EventStreamDecoder {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** Of these many bytes the next message can be told, or a part of it. */
  private neededBytes = PRELUDE_BYTES;

  /**
   * Hands each message over that is complete now.
   *
   * @throws EventStreamError
   */
  push(chunk: Buffer, onMessage: (message: EventStreamMessage) => void): void {
    const data = this.join(chunk);
    if (!data) return;

    let offset = 0;
    let needed = PRELUDE_BYTES;
    while (data.length - offset >= needed) {
      const length = readLength(data, offset);
      if (data.length - offset < length) {
        checkPrelude(data, offset);
        needed = length;
        break;
      }
      onMessage(decode(data, offset, length));
      offset += length;
    }
    this.neededBytes = needed;
    this.pendingBytes = data.length - offset;
    this.pending = this.pendingBytes > 0 ? [data.subarray(offset)] : [];
  }

  /** All bytes that wait, as soon as they are enough; so each is copied once at most. */
  private join(chunk: Buffer): Buffer | undefined {
    if (this.pendingBytes === 0) return chunk;
    this.pending.push(chunk);
    this.pendingBytes += chunk.length;
    return this.pendingBytes < this.neededBytes
      ? undefined
      : Buffer.concat(this.pending, this.pendingBytes);
  }
}

function readLength(data: Buffer, offset: number): number {
  const length = data.readUInt32BE(offset);
  const headersLength = data.readUInt32BE(offset + 4);
  const least = PRELUDE_BYTES + headersLength + CRC_BYTES;
  if (length < least || length > MAX_MESSAGE_BYTES) {
    throw new EventStreamError('The length of a message makes no sense');
  }
  return length;
}

/** Whether to wait for so many bytes: once they are there, the sum over all tells. */
function checkPrelude(data: Buffer, offset: number): void {
  const end = offset + PRELUDE_BYTES - CRC_BYTES;
  if (crc32(data.subarray(offset, end)) !== data.readUInt32BE(end)) {
    throw new EventStreamError('The prelude of a message was changed');
  }
}

function decode(
  data: Buffer,
  offset: number,
  length: number,
): EventStreamMessage {
  const end = offset + length - CRC_BYTES;
  if (crc32(data.subarray(offset, end)) !== data.readUInt32BE(end)) {
    throw new EventStreamError('A message was changed');
  }
  const headersStart = offset + PRELUDE_BYTES;
  const headersEnd = headersStart + data.readUInt32BE(offset + 4);
  return {
    headers: readHeaders(data, headersStart, headersEnd),
    payload: data.toString('utf8', headersEnd, end),
  };
}

function readHeaders(
  data: Buffer,
  start: number,
  end: number,
): EventStreamMessage['headers'] {
  const bytes = data.toString('latin1', start, end);
  let headers = knownHeaders.get(bytes);
  if (!headers) {
    headers = decodeHeaders(data.subarray(start, end));
    if (knownHeaders.size < MAX_KNOWN_HEADERS) knownHeaders.set(bytes, headers);
  }
  return headers;
}

function decodeHeaders(data: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  try {
    let offset = 0;
    while (offset < data.length) {
      const nameEnd = offset + 1 + data.readUInt8(offset);
      const name = data.toString('latin1', offset + 1, nameEnd);
      const type = data.readUInt8(nameEnd);
      const start = valueStart(type, nameEnd + 1);
      const end = start + valueBytes(data, type, nameEnd + 1);
      if (end > data.length) throw new RangeError('Beyond the headers');
      if (type === STRING) headers[name] = data.toString('utf8', start, end);
      offset = end;
    }
  } catch (error) {
    throw new EventStreamError('The headers of a message make no sense', {
      cause: error,
    });
  }
  return headers;
}

function valueStart(type: number, offset: number): number {
  return type === STRING || type === BYTE_ARRAY ? offset + 2 : offset;
}

function valueBytes(data: Buffer, type: number, offset: number): number {
  if (type === STRING || type === BYTE_ARRAY) return data.readUInt16BE(offset);
  const bytes = FIXED_BYTES[type];
  if (bytes === undefined) throw new RangeError(`Header of type ${type}`);
  return bytes;
}
