import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '@aws-crypto/sha256-js';
import type { AwsCredentials } from '../RequestSigner';
import type { ReceivedCall } from './FakeBedrock';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/bedrock\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/** Whether a request is signed as AWS's own library would sign it. */
export async function verifySignature(
  { method, path, headers, raw }: ReceivedCall,
  credentials: AwsCredentials,
): Promise<boolean> {
  const given = AUTHORIZATION.exec(String(headers.authorization));
  if (!given || given[1] !== credentials.accessKeyId) return false;

  const [, , , region, signedHeaders] = given;
  const names = signedHeaders.split(';');
  if (!names.includes('host') || !names.includes('x-amz-date')) return false;
  const signer = new SignatureV4({
    credentials,
    region,
    service: 'bedrock',
    sha256: Sha256,
  });
  const signed = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: String(headers.host),
      path,
      query: {},
      headers: Object.fromEntries(
        names.map(name => [name, String(headers[name])]),
      ),
      body: raw,
    },
    { signingDate: parseDate(String(headers['x-amz-date'])) },
  );
  return signed.headers.authorization === given[0];
}

/** `20261125T040000Z` */
function parseDate(text: string): Date {
  return new Date(
    text.replace(
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
      '$1-$2-$3T$4:$5:$6Z',
    ),
  );
}
