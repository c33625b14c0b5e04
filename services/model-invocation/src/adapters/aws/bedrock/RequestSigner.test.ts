import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { encodeSegment, RequestSigner } from './RequestSigner';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const NOW = Date.UTC(2026, 10, 25, 4, 0, 0, 999);

const MODELS = [
  'amazon.titan-embed-text-v2:0',
  'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2',
  "odd ~_-.!'()*%20/ünïcode",
];

const HEADERS = {
  host: 'bedrock-runtime.eu-central-1.amazonaws.com',
  'content-type': 'application/json',
  'x-amz-custom': 'between the hash and the time',
  'x-spaced': '  a \t b  ',
};

async function signByAws(
  request: Parameters<RequestSigner['sign']>[0],
  given: Parameters<RequestSigner['sign']>[1],
  now: number,
) {
  const signer = new SignatureV4({
    credentials: given,
    region: 'eu-central-1',
    service: 'bedrock',
    sha256: Sha256,
  });
  const { headers } = await signer.sign(
    {
      ...request,
      protocol: 'https:',
      hostname: HEADERS.host,
      query: {},
      headers: { ...HEADERS },
    },
    { signingDate: new Date(now) },
  );
  return headers;
}

describe('RequestSigner', () => {
  const signer = new RequestSigner({
    region: 'eu-central-1',
    service: 'bedrock',
    headers: HEADERS,
  });
  const request = (model: string, body: string) => ({
    method: 'POST',
    path: `/base/model/${encodeSegment(model)}/converse`,
    body: Buffer.from(body),
  });

  it.each(MODELS)('signs as AWS does: %s', async model => {
    for (const sessionToken of [undefined, 'token/+= with more']) {
      for (const body of ['', '{}', `{"text":"${'ü'.repeat(1000)}"}`]) {
        const given = { ...credentials, sessionToken };
        const signed = signer.sign(request(model, body), given, NOW);
        expect(signed).toEqual(
          await signByAws(request(model, body), given, NOW),
        );
      }
    }
  });

  it('signs with the session token of the credentials that are given', async () => {
    for (const sessionToken of ['one', undefined, 'two', 'one']) {
      const given = { ...credentials, sessionToken };
      expect(signer.sign(request('m', '{}'), given, NOW)).toEqual(
        await signByAws(request('m', '{}'), given, NOW),
      );
    }
  });

  it('takes a new key with each day and each secret', async () => {
    const other = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'other' };
    for (const given of [credentials, other, credentials]) {
      for (const now of [NOW, NOW + 86_400_000, NOW]) {
        const signed = signer.sign(request('m', '{}'), given, now);
        const expected = await signByAws(request('m', '{}'), given, now);
        expect(signed.authorization).toBe(expected.authorization);
      }
    }
  });
});
