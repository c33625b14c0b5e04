import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, removeDirectories } from '../testing/directories';
import { loadObjectSigningKey } from './objectSigningKey';

describe('loadObjectSigningKey', () => {
  afterEach(removeDirectories);

  it('makes a key once, for its owner only', async () => {
    const directory = await makeDirectory();
    const key = await loadObjectSigningKey(directory);
    expect(key).toHaveLength(32);
    expect(await loadObjectSigningKey(directory)).toEqual(key);
    expect(readdirSync(directory)).toEqual(['object-signing-key']);
    const { mode } = statSync(join(directory, 'object-signing-key'));
    expect(mode & 0o077).toBe(0);
  });

  it('makes another one for another directory', async () => {
    const first = await loadObjectSigningKey(await makeDirectory());
    expect(await loadObjectSigningKey(await makeDirectory())).not.toEqual(
      first,
    );
  });

  it('does not sign with a damaged key', async () => {
    const directory = await makeDirectory();
    writeFileSync(join(directory, 'object-signing-key'), '');
    await expect(loadObjectSigningKey(directory)).rejects.toThrow('is damaged');
  });
});
