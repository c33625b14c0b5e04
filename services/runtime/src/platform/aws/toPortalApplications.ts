import type { CognitoApplications } from '@genai-environments/administration/aws';
import { InvalidInputError } from '@genai-environments/service-kit';
import type { PortalApplications } from '../Platform';

/** What a provisioner says of an application, where its secrets are Cognito's. */
export function toPortalApplications(
  portal: CognitoApplications['portal'],
): PortalApplications {
  return {
    async put({ clientId, name, kind, scopes, enabled, revision, secrets }) {
      if (secrets.length > 0) {
        throw new InvalidInputError(
          'Secrets of applications are kept by Cognito here. Leave "secrets" empty.',
          { code: 'secrets_of_cognito' },
        );
      }
      if (kind === 'project-app') {
        throw new InvalidInputError(
          'The app of a project runs in a container of its own here. Make its application of kind "external".',
          { code: 'no_project_app' },
        );
      }
      await portal.put({ clientId, name, scopes, enabled, revision });
    },
    delete: clientId => portal.delete(clientId),
    list: () => portal.list(),
  };
}
