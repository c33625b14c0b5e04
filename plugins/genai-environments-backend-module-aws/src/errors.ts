import { ProvisionerSetupError } from '@genai-environments/backstage-plugin-genai-environments-node';

/** A call of AWS that did not work. Its message holds no secret. */
export class AwsCallError extends Error {
  readonly name = 'AwsCallError';

  constructor(
    readonly operation: string,
    /** AWS's own name of the error, e.g. `AccessDenied`. */
    readonly code: string,
    message: string,
    /** Whether the same call can work a moment later. */
    readonly canRetry: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The section `aws` of the portal's configuration does not say how to get into an account. */
export class AccountNotConfigured extends Error {
  readonly name = 'AccountNotConfigured';

  constructor(accountId: string) {
    super(
      `The section "aws" of the portal's configuration has no entry for account ${accountId}. Add one to aws.accounts, with the role that stack genai-foundation made (output PortalRoleArn) and its external id.`,
    );
  }
}

const THROTTLES = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
]);
const CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'CredentialsProviderError',
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
  'AccountNotConfigured',
  'AssumeRoleDenied',
]);
const DENIALS = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
]);
/** What SDKs call an answer without a body, as those to HEAD. */
const NAMELESS = /^(Error|Unknown|UnknownError|Forbidden|\d{3})$/;
const CODES_BY_STATUS: Record<number, string> = {
  403: 'AccessDenied',
  404: 'NotFound',
};
/** In what AWS says when the credentials for a call were to come of a role. */
const ROLE_DENIED =
  /[Nn]ot authorized to perform:? (sts:AssumeRole\w*)(?: on resource: (\S+))?/;
const ABSENCES =
  /^(ResourceNotFoundException|NoSuchBucket|NoSuchKey|NotFound|NotFoundException|ChangeSetNotFound|ChangeSetNotFoundException|RepositoryNotFoundException|ImageNotFoundException|ClusterNotFoundException)$/;

export function isThrottle(error: unknown): boolean {
  return THROTTLES.has(codeOf(error));
}

/** What was asked about does not exist. */
export function isAbsence(error: unknown): boolean {
  const code = error instanceof AwsCallError ? error.code : codeOf(error);
  return (
    ABSENCES.test(code) ||
    /Stack .*does not exist/.test((error as Error)?.message ?? '')
  );
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof AwsCallError && error.code === code;
}

/** The credentials are gone or were never there. */
export function isCredentialProblem(error: unknown): boolean {
  return error instanceof AwsCallError && CREDENTIALS.has(error.code);
}

export function isDenial(error: unknown): boolean {
  return error instanceof AwsCallError && DENIALS.has(error.code);
}

/** Waiting mends nothing: somebody has to correct credentials or permissions. */
function isSetupProblem(error: unknown): error is AwsCallError {
  return isCredentialProblem(error) || isDenial(error);
}

/**
 * Lets the backend tell people what somebody has to correct; other failures stay as they are.
 *
 * @throws ProvisionerSetupError
 */
export async function explainSetup<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (!isSetupProblem(error)) throw error;
    throw new ProvisionerSetupError(toPeople(error), { cause: error });
  }
}

/** What to tell who cannot correct it. */
export function toPeople(error: AwsCallError): string {
  return isCredentialProblem(error)
    ? `${error.message} Ask the platform team.`
    : error.message;
}

/** Turns what an SDK client threw into a sentence, without anything of the request. */
export function toCallError(operation: string, error: unknown): AwsCallError {
  const code = codeOf(error);
  const status = (error as any)?.$metadata?.httpStatusCode as
    | number
    | undefined;
  const said = (error as Error)?.message ?? String(error);
  const options = { cause: error };
  if (error instanceof AccountNotConfigured) {
    return new AwsCallError(operation, code, said, true, options);
  }
  if (CREDENTIALS.has(code)) {
    return new AwsCallError(
      operation,
      code,
      `AWS does not accept the portal's credentials (${code}). Renew them, or correct the section "aws" of the portal's configuration.`,
      true,
      options,
    );
  }
  const [, action, role = 'of the account'] = ROLE_DENIED.exec(said) ?? [];
  if (DENIALS.has(code) && action) {
    return new AwsCallError(
      operation,
      'AssumeRoleDenied',
      `The portal may not take on the role ${role} (${action}). Check that there is such a role, that its trust policy names who the portal runs as, that the externalId in aws.accounts is the one that it asks for, and that who the portal runs as may call sts:AssumeRole on it.`,
      true,
      options,
    );
  }
  if (DENIALS.has(code)) {
    const reason = NAMELESS.test(said) ? '' : ` AWS said: ${said}`;
    return new AwsCallError(
      operation,
      code,
      `The portal's role may not call ${operation}. Add it to the role's policy; the README of the AWS module lists what it needs.${reason}`,
      false,
      options,
    );
  }
  const canRetry = status === undefined || status >= 500 || isThrottle(error);
  return new AwsCallError(
    operation,
    code,
    `${operation} failed with ${code}: ${said}`,
    canRetry,
    options,
  );
}

function codeOf(error: unknown): string {
  if (error instanceof AwsCallError) return error.code;
  const { name, code, $metadata } = (error ?? {}) as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  if (name && !NAMELESS.test(name)) return name;
  if (code) return code;
  return CODES_BY_STATUS[$metadata?.httpStatusCode ?? 0] ?? 'Unknown';
}
