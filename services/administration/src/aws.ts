/**
 * Adapters of AWS; apart, so that who does not use them never loads the SDK.
 *
 * @packageDocumentation
 */
export type { PortalApplication } from './adapters/aws/ApplicationRecords';
export {
  type CognitoApplications,
  openCognitoApplications,
} from './adapters/aws/openCognitoApplications';
