import manifest from '../package.json';
import { RELEASE, releaseOf } from './release';

describe('release', () => {
  it('is what the manifest says', () => {
    expect(RELEASE).toEqual({
      version: manifest.version,
      source: manifest.genai.source,
    });
  });

  it.each([
    [{ source: 'own' }, 'own'],
    [{ source: 'bundled' }, 'bundled'],
    [{}, 'bundled'],
    [undefined, 'bundled'],
  ])('reads %j as %s', (genai, source) => {
    expect(releaseOf({ version: '1.2.3', genai })).toEqual({
      version: '1.2.3',
      source,
    });
  });
});
