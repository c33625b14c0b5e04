/**
 * Contract suite of the port that a runtime implements.
 *
 * @packageDocumentation
 */
export { applicationAdminContract } from '../ports/testing/applicationAdminContract';
