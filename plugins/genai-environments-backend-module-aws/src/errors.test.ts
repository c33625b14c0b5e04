import {
  isAbsence,
  isCredentialProblem,
  isDenial,
  toCallError,
} from './errors';

/** As SDK clients throw. */
function sdkError(name: string, message: string, httpStatusCode: number) {
  const error = Object.assign(new Error(message), {
    $metadata: { httpStatusCode },
  });
  error.name = name;
  return error;
}

describe('toCallError', () => {
  it('names the role that cannot be taken on, whatever call it was for', () => {
    const error = toCallError(
      'cloudformation:DescribeStacks',
      sdkError(
        'AccessDenied',
        'User: arn:aws:iam::999988887777:user/portal is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/genai-portal because no identity-based policy allows the sts:AssumeRole action',
        403,
      ),
    );
    expect(error.message).toBe(
      'The portal may not take on the role arn:aws:iam::111122223333:role/genai-portal (sts:AssumeRole). Check that there is such a role, that its trust policy names who the portal runs as, that the externalId in aws.accounts is the one that it asks for, and that who the portal runs as may call sts:AssumeRole on it.',
    );
    expect(isCredentialProblem(error)).toBe(true);
    // The call itself was not denied: it was never made.
    expect(isDenial(error)).toBe(false);
  });

  it('names no role where AWS names none', () => {
    const error = toCallError(
      'sts:GetCallerIdentity',
      sdkError(
        'AccessDenied',
        'Not authorized to perform sts:AssumeRoleWithWebIdentity',
        403,
      ),
    );
    expect(error.message).toMatch(
      /^The portal may not take on the role of the account \(sts:AssumeRoleWithWebIdentity\)/,
    );
  });

  it('takes for denied by the call what is denied by it', () => {
    const error = toCallError(
      'bedrock:ListFoundationModels',
      sdkError('AccessDeniedException', 'not authorized', 403),
    );
    expect(isDenial(error)).toBe(true);
    expect(error.message).toMatch(
      /role may not call bedrock:ListFoundationModels.* AWS said: not authorized/,
    );
  });

  it.each(['Unknown', 'UnknownError', '403', 'Forbidden', 'Error'])(
    'takes a 403 without a body, which SDKs call %s, for a denial',
    name => {
      const error = toCallError('s3:GetObject', sdkError(name, name, 403));
      expect(isDenial(error)).toBe(true);
      expect(error.canRetry).toBe(false);
      expect(error.message).toMatch(/role may not call s3:GetObject/);
      expect(error.message).not.toMatch(/AWS said/);
    },
  );

  it.each(['Unknown', 'UnknownError', '404'])(
    'takes a 404 without a body, which SDKs call %s, for an absence',
    name => {
      expect(
        isAbsence(toCallError('s3:GetObject', sdkError(name, name, 404))),
      ).toBe(true);
    },
  );

  it('leaves other failures without a name to be tried again', () => {
    const error = toCallError(
      's3:GetObject',
      sdkError('UnknownError', '', 503),
    );
    expect(isDenial(error)).toBe(false);
    expect(error.canRetry).toBe(true);
  });
});
