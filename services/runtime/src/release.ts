import { genai, version } from '../package.json';

/**
 * Where a runtime's source comes from: `bundled` as it was released, `own` from the
 * repository of a project that may have changed it.
 */
export type ReleaseSource = 'bundled' | 'own';

/** Which runtime this is, as its own `package.json` says. */
export type Release = { version: string; source: ReleaseSource };

/** A manifest that says nothing else is that of the product. */
export function releaseOf(manifest: {
  version: string;
  genai?: { source?: string };
}): Release {
  return {
    version: manifest.version,
    source: manifest.genai?.source === 'own' ? 'own' : 'bundled',
  };
}

export const RELEASE: Release = releaseOf({ version, genai });
