/** Little-endian 32-bit floats in base64, as OpenAI's SDKs decode them. */
export function toBase64(vector: number[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}

const NUMBERS = /"embedding"\s*:\s*\[/;

/**
 * Encodes the vectors of an upstream that ignores `encoding_format`: SDKs that asked for
 * base64 would decode its numbers to nonsense.
 */
export function encodeAnswer(body: Buffer): Buffer {
  if (!NUMBERS.test(body.toString('latin1', 0, 2000))) return body;
  const answer = JSON.parse(body.toString('utf8')) as {
    data: Array<{ embedding: number[] | string }>;
  };
  for (const item of answer.data) {
    if (Array.isArray(item.embedding))
      item.embedding = toBase64(item.embedding);
  }
  return Buffer.from(JSON.stringify(answer));
}
