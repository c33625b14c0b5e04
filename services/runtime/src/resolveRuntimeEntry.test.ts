import { existsSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import {
  resolveRuntimeEntry,
  RuntimeNotBuiltError,
} from './resolveRuntimeEntry';

jest.mock('node:fs', () => ({
  ...jest.requireActual('node:fs'),
  existsSync: jest.fn(),
}));

describe('resolveRuntimeEntry', () => {
  it('answers the absolute path of the bundle', () => {
    jest.mocked(existsSync).mockReturnValue(true);
    const entry = resolveRuntimeEntry();
    expect(isAbsolute(entry)).toBe(true);
    expect(basename(entry)).toBe('runtime.cjs');
  });

  it('says what to do when it is not built', () => {
    jest.mocked(existsSync).mockReturnValue(false);
    expect(resolveRuntimeEntry).toThrow(RuntimeNotBuiltError);
    expect(resolveRuntimeEntry).toThrow('Run "npm run build:runtime"');
  });
});
