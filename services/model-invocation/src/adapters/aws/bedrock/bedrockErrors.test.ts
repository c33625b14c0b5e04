import { DomainError } from '@genai-environments/service-kit';
import {
  fromConnectionError,
  fromException,
  readException,
} from './bedrockErrors';
import { BedrockDeadlineError } from './BedrockExchange';

const SECRETS =
  'User: arn:aws:sts::123456789012:assumed-role/task/abc is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1 (account 123456789012)';

const answer = (
  status: number,
  body: string,
  headers: Record<string, string> = {},
) => ({ status, headers, body: Buffer.from(body) });

describe('errors of Bedrock', () => {
  it.each([
    ['ThrottlingException', 'LimitExceededError', 'model_rate_limited', true],
    [
      'ServiceQuotaExceededException',
      'LimitExceededError',
      'model_rate_limited',
      true,
    ],
    ['ModelTimeoutException', 'DependencyError', 'model_timeout', true],
    [
      'ValidationException',
      'InvalidInputError',
      'model_refused_request',
      undefined,
    ],
    ['AccessDeniedException', 'DependencyError', 'model_access_denied', false],
    [
      'ResourceNotFoundException',
      'DependencyError',
      'model_misconfigured',
      false,
    ],
    [
      'ServiceUnavailableException',
      'DependencyError',
      'model_unavailable',
      true,
    ],
    ['ModelNotReadyException', 'DependencyError', 'model_unavailable', true],
    ['InternalServerException', 'DependencyError', 'model_failed', true],
    ['ModelStreamErrorException', 'DependencyError', 'model_failed', true],
    ['ModelErrorException', 'DependencyError', 'model_failed', true],
    ['ExpiredTokenException', 'DependencyError', 'model_call_refused', true],
    [
      'UnrecognizedClientException',
      'DependencyError',
      'model_call_refused',
      true,
    ],
    [
      'InvalidSignatureException',
      'DependencyError',
      'model_call_refused',
      false,
    ],
    ['SomethingNewException', 'DependencyError', 'model_call_refused', false],
  ])('%s becomes %s (%s), retryable: %s', (name, error, code, retryable) => {
    const told = fromException({ name, message: SECRETS }, 'claude');
    expect(told).toMatchObject({ name: error, code });
    expect((told as { retryable?: boolean }).retryable).toBe(retryable);
    expect(told.message).toContain('"claude"');
    expect(told.message).not.toMatch(/arn:|\d{12}/);
  });

  it.each([
    'The provided model identifier is invalid.',
    'Invocation of model ID anthropic.x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.',
  ])('blames the configuration, not the caller: %s', message => {
    expect(
      fromException({ name: 'ValidationException', message }, 'claude'),
    ).toMatchObject({ code: 'model_misconfigured', retryable: false });
  });

  it('passes on what Bedrock says of the request, shortened', () => {
    const message = `Input is too long. ${'x'.repeat(1000)}`;
    const told = fromException({ name: 'ValidationException', message }, 'm');
    expect(told.message).toContain('refuses the request: Input is too long.');
    expect(told.message.length).toBeLessThan(600);
    expect(
      fromException({ name: 'ValidationException' }, 'm').message,
    ).toContain('Check the parameters');
  });

  it.each([
    [
      'the header',
      answer(400, '{"message":"m"}', {
        'x-amzn-errortype': 'ThrottlingException:http://x/',
      }),
    ],
    [
      '__type',
      answer(400, '{"__type":"com.amazon#ThrottlingException","message":"m"}'),
    ],
    ['the status alone', answer(429, '<html>')],
    ['the status, with JSON that is no object', answer(429, 'null')],
  ])('reads the name from %s', (_, given) => {
    expect(readException(given).name).toBe('ThrottlingException');
  });

  it.each([
    [400, 'ValidationException'],
    [403, 'AccessDeniedException'],
    [404, 'ResourceNotFoundException'],
    [408, 'ModelTimeoutException'],
    [413, 'ValidationException'],
    [418, 'UnknownException'],
    [500, 'InternalServerException'],
    [502, 'ServiceUnavailableException'],
    [504, 'ModelTimeoutException'],
  ])('takes status %i for %s', (status, name) => {
    expect(readException(answer(status, '')).name).toBe(name);
  });

  it('says when to come back, as Bedrock does', () => {
    const exception = readException(answer(429, '{}', { 'retry-after': '7' }));
    expect(fromException(exception, 'm')).toMatchObject({
      retryAfterSeconds: 7,
    });
  });

  it('tells trouble of the connection', () => {
    expect(fromConnectionError(new BedrockDeadlineError(), 'm')).toMatchObject({
      code: 'model_timeout',
      kind: 'timeout',
    });
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), {
      code: 'ECONNREFUSED',
    });
    const told = fromConnectionError(refused, 'm');
    expect(told).toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(told).toBeInstanceOf(DomainError);
    expect(told.message).not.toContain('10.0.0.1');
  });
});
