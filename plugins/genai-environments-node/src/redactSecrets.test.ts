import { randomBytes } from 'node:crypto';
import { redactSecrets } from './redactSecrets';

describe('redactSecrets', () => {
  it.each([
    ['key sk-0123456789abcdefghijklmnopqrstuvwxyz', 'key [redacted]'],
    ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '[redacted]'],
    ['https://bob:hunter2@db:5432/x', 'https://[redacted]@db:5432/x'],
    ['GENAI_CLIENT_SECRET=short;rest', 'GENAI_CLIENT_SECRET=[redacted];rest'],
    ['/cb?token=abc&page=2', '/cb?token=[redacted]&page=2'],
    ['{"apiKey":"a\\"b","page":2}', '{"apiKey":"[redacted]","page":2}'],
    ['{"token": "a"}', '{"token": "[redacted]"}'],
  ])('blacks out %s', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected);
  });

  it.each([
    'at handleRequest (/srv/node_modules/fastify/lib/handleRequestWithBody.js:10:2)',
    'job 0f8fad5b-d9cb-469f-a165-70867728950e is done',
    'client invoice-bot-payments-production-ab12cd34ef',
    'arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude',
    'The token has expired: ask for another one',
    'GENAI_MODEL_ALIASES_ARE_DEFINED_TWICE is no variable',
  ])('leaves %s', text => {
    expect(redactSecrets(text)).toBe(text);
  });

  it.each(['base64', 'base64url', 'hex'] as const)(
    'lets no random key through, in %s',
    encoding => {
      for (let length = 24; length < 64; length++) {
        for (let round = 0; round < 25; round++) {
          const key = randomBytes(length).toString(encoding);
          expect(redactSecrets(`key ${key} end`)).toBe('key [redacted] end');
        }
      }
    },
  );
});
