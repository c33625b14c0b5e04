/**
 * Provisioner that runs GenAI environments in AWS accounts.
 *
 * @packageDocumentation
 */
export {};
