/**
 * The part of this repository's lock file that the services need: a project installs the very
 * packages that the services are tested with here.
 */
const DEPENDENCIES = ['dependencies', 'optionalDependencies'];
const FLAGS = ['dev', 'optional', 'devOptional', 'peer', 'extraneous'];

/** Where the packages folder of a place in the tree would have `name`, nearest first. */
function resolve(packages, place, name) {
  let at = place;
  for (;;) {
    const key = `${at ? `${at}/` : ''}node_modules/${name}`;
    if (packages[key]) return key;
    if (!at) return undefined;
    const end = at.lastIndexOf('node_modules/');
    at = end <= 0 ? '' : at.slice(0, end - 1);
  }
}

/** Everything that is installed for `seeds`: places in the tree. */
function reach(packages, seeds, { isSeed, dev, optional }) {
  const found = new Set(seeds);
  for (const place of found) {
    const entry = packages[place];
    if (entry.link) {
      found.add(entry.resolved);
      continue;
    }
    const names = Object.keys({
      ...entry.dependencies,
      ...(optional ? entry.optionalDependencies : {}),
      ...(dev && isSeed(place) ? entry.devDependencies : {}),
    });
    for (const name of names) {
      const key = resolve(packages, place, name);
      if (key) {
        if (optional || !entry.optionalDependencies?.[name]) found.add(key);
      } else if (!entry.optionalDependencies?.[name]) {
        throw new Error(
          `package-lock.json lacks ${name} of ${place || 'the root'}`,
        );
      }
    }
  }
  return found;
}

/**
 * @param {object} options
 * @param {object} options.lock - the lock file of the repository
 * @param {object} options.root - manifest of the new workspace
 * @param {Record<string, object>} options.manifests - of its packages, by folder
 * @param {string} options.from - folder of the packages in the repository
 */
function pruneLockfile({ lock, root, manifests, from }) {
  const packages = { ...lock.packages, '': root };
  const workspaces = Object.keys(manifests).map(name => `${from}/${name}`);
  for (const [name, manifest] of Object.entries(manifests)) {
    packages[`${from}/${name}`] = manifest;
  }
  const seeds = ['', ...workspaces];
  const isSeed = place => seeds.includes(place);
  const within = (dev, optional) =>
    reach(packages, seeds, { isSeed, dev, optional });
  const sets = {
    all: within(true, true),
    required: within(true, false),
    production: within(false, true),
    productionRequired: within(false, false),
  };

  const moved = place =>
    place.startsWith(`${from}/`) ? place.slice(from.length + 1) : place;
  const entries = [...sets.all].sort().map(place => {
    const entry = isSeed(place)
      ? lockEntryOf(packages[place])
      : { ...packages[place] };
    if (entry.link) entry.resolved = moved(entry.resolved);
    if (!isSeed(place) && !entry.link) setFlags(entry, place, sets);
    return [moved(place), entry];
  });
  for (const place of workspaces) {
    const link = `node_modules/${packages[place].name}`;
    if (!sets.all.has(link)) {
      entries.push([link, { resolved: moved(place), link: true }]);
    }
  }
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: root.name,
    lockfileVersion: 3,
    requires: true,
    packages: Object.fromEntries(entries),
  };
}

/** What npm writes of a manifest. */
function lockEntryOf(manifest) {
  const kept = ['name', 'version', 'license', 'workspaces', 'engines'];
  const keys = [...kept, ...DEPENDENCIES, 'devDependencies'];
  return Object.fromEntries(
    keys.filter(key => manifest[key]).map(key => [key, manifest[key]]),
  );
}

/** Whether an installation without development or optional packages leaves it out. */
function setFlags(entry, place, sets) {
  for (const flag of FLAGS) delete entry[flag];
  if (!sets.production.has(place)) {
    entry.dev = true;
    if (!sets.required.has(place)) entry.optional = true;
  } else if (!sets.productionRequired.has(place)) {
    entry[sets.required.has(place) ? 'devOptional' : 'optional'] = true;
  }
}

module.exports = { pruneLockfile };
