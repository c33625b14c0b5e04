import { isAlreadyThere } from '../aws/stackRecords';
import {
  isAbsence,
  isCredentialProblem,
  isDenial,
  toCallError,
} from '../errors';

/** What keeps an account from being bootstrapped; its message says what to do. */
export class BootstrapError extends Error {
  readonly name = 'BootstrapError';
}

/**
 * Makes a call and puts what AWS refuses into words for whoever sits at the terminal.
 *
 * @throws BootstrapError
 */
export async function callAws<T>(
  operation: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const failure = toCallError(operation, error);
    const said = sentence(
      error instanceof Error ? error.message : String(error),
    );
    const options = { cause: failure };
    if (isCredentialProblem(failure) || failure.code === 'TokenProviderError') {
      throw new BootstrapError(
        `There are no valid credentials for AWS (${failure.code}): ${said} Sign in anew, for example with "aws sso login", or name another profile with --profile.`,
        options,
      );
    }
    if (isDenial(failure)) {
      throw new BootstrapError(
        `You may not call ${operation}. Use a role that may administer the account. AWS said: ${said}`,
        options,
      );
    }
    throw new BootstrapError(failure.message, options);
  }
}

/**
 * Lets pass what an attempt whose answer was lost has begun before: a change set is there
 * already, or is gone because it was executed.
 */
export async function unlessBegun(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    const { cause } = error as Error;
    if (!isAlreadyThere(cause) && !isAbsence(cause)) throw error;
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
