import { createHmac, randomBytes } from 'node:crypto';
import { HmacKey } from './HmacKey';

describe('HmacKey', () => {
  it.each([0, 1, 32, 63, 64])(
    'signs as node:crypto does with a key of %d bytes, longer and shorter texts in turn',
    bytes => {
      const secret = randomBytes(bytes);
      const key = new HmacKey(secret);
      for (const length of [0, 10, 1000, 10, 55, 56, 64, 1]) {
        const text = 'abc\n'.repeat(250).slice(0, length);
        expect(key.sign(text)).toBe(
          createHmac('sha256', secret).update(text).digest('hex'),
        );
      }
    },
  );

  it('refuses a key that had to be hashed first', () => {
    expect(() => new HmacKey(randomBytes(65))).toThrow(RangeError);
  });
});
