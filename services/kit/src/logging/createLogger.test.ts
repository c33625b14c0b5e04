import { createLogger } from './createLogger';

describe('createLogger', () => {
  const lines: string[] = [];
  const logger = createLogger({
    destination: { write: line => lines.push(line) },
  });
  beforeEach(() => lines.splice(0));

  it('hides secrets and what models were asked, wherever they stand', () => {
    logger.info(
      {
        req: { headers: { authorization: 'Bearer sesame' } },
        upstream: { apiKey: 'sesame' },
        prompt: 'sesame',
        body: { messages: ['sesame'] },
      },
      'hello',
    );
    expect(lines.join()).not.toContain('sesame');
    expect(lines.join()).toContain('[redacted]');
  });

  it('writes of an error only what explains it', () => {
    const error = Object.assign(
      new Error('refused', { cause: new Error('no route') }),
      { code: 'E1', request: { headers: 'sesame' } },
    );
    logger.error({ err: error }, 'failed');
    expect(JSON.parse(lines[0]).err).toMatchObject({
      message: 'refused',
      code: 'E1',
      cause: { message: 'no route' },
    });
    expect(lines[0]).not.toContain('sesame');
  });
});
