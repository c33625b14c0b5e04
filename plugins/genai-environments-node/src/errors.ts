/**
 * What is behind a provisioner cannot be used until somebody corrects its setup, e.g.
 * credentials that have expired or a role that lacks a permission.
 *
 * The backend shows `message` to whoever asked, so that it says what is wrong and what to
 * do next, and holds no secret. What only waiting mends is any other error.
 */
export class ProvisionerSetupError extends Error {
  readonly name = 'ProvisionerSetupError';
}
