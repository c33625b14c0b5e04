import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '@aws-crypto/sha256-js';
import type { IncomingHttpHeaders } from 'node:http';

export const TEST_CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'session',
};

/** Whether a request arrived as it was signed, for `aoss`, with the hash of its body. */
export async function verifySignature(request: {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}): Promise<boolean> {
  const { method, path, headers, body } = request;
  const given =
    /Credential=[^/]+\/\d{8}\/([^/]+)\/aoss\/aws4_request, SignedHeaders=([^,]+),/.exec(
      headers.authorization ?? '',
    );
  const names = given?.[2].split(';') ?? [];
  if (!given || !names.includes('x-amz-content-sha256')) return false;
  const signer = new SignatureV4({
    credentials: TEST_CREDENTIALS,
    region: given[1],
    service: 'aoss',
    sha256: Sha256,
  });
  const [hostname] = String(headers.host).split(':');
  const signed = await signer.sign(
    {
      ...{ method, path, query: {}, protocol: 'http:', hostname },
      headers: Object.fromEntries(
        names.map(name => [name, String(headers[name])]),
      ),
      body: body.length === 0 ? undefined : body,
    },
    { signingDate: parseDate(String(headers['x-amz-date'])) },
  );
  return signed.headers.authorization === headers.authorization;
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
