/**
 * Provisioner that runs GenAI environments in AWS accounts.
 *
 * @packageDocumentation
 */
export { genaiEnvironmentsModuleAws as default } from './module';
export { readAwsConfig, type AwsConfig, type Target } from './config';
