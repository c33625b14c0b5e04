/**
 * Where the emulator of `npm run test:aws` listens, and in which region tests are.
 *
 * @throws Error outside of that run
 */
export function awsEmulator(): { endpoint: string; region: string } {
  const endpoint = process.env.GENAI_TEST_AWS_ENDPOINT;
  if (endpoint === undefined) {
    throw new Error('Tests of AWS adapters are run by "npm run test:aws".');
  }
  return { endpoint, region: process.env.AWS_REGION ?? 'us-east-1' };
}
