import { resolve } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import {
  resolveLocalDataDirectory,
  resolveLocalRepositoryDirectory,
} from './localDataDirectory';

describe('resolveLocalDataDirectory', () => {
  it('has a default below the working directory', () => {
    expect(resolveLocalDataDirectory(mockServices.rootConfig())).toBe(
      resolve('.data/genai-environments'),
    );
  });

  it('takes the configured directory, made absolute', () => {
    const at = (dataDirectory: string) =>
      resolveLocalDataDirectory(
        mockServices.rootConfig({
          data: { genaiEnvironments: { local: { dataDirectory } } },
        }),
      );
    expect(at('/srv/genai')).toBe('/srv/genai');
    expect(at('../../.data')).toBe(resolve('../../.data'));
  });

  it('keeps the repositories of environments apart', () => {
    expect(
      resolveLocalRepositoryDirectory({ dataDirectory: '/srv', name: 'a-b' }),
    ).toBe('/srv/repositories/a-b');
  });
});
