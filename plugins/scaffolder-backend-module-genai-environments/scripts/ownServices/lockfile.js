/**
 * The part of this repository's lock file that the services need: a project installs the very
 * packages that the services are tested with here.
 */
const DEPENDENCIES = ['dependencies', 'optionalDependencies'];
const FIRST_KEYS = ['name', 'version', 'resolved', 'integrity', 'dependencies'];
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

/** What a package expects beside it. */
function peersOf({ peerDependencies, peerDependenciesMeta }, { optional }) {
  return Object.keys(peerDependencies ?? {}).filter(
    name => Boolean(peerDependenciesMeta?.[name]?.optional) === optional,
  );
}

/** Places of what one package needs. */
function dependenciesOf(packages, place, options) {
  const { isSeed, dev, optional, peers = true, present } = options;
  const entry = packages[place];
  const isOptional = name => Boolean(entry.optionalDependencies?.[name]);
  const names = Object.keys({
    ...entry.dependencies,
    ...(dev && isSeed(place) ? entry.devDependencies : {}),
    ...(optional ? entry.optionalDependencies : {}),
  }).filter(name => optional || !isOptional(name));
  const find = name => resolve(packages, place, name);
  const missing = names.find(name => !find(name) && !isOptional(name));
  if (missing) {
    throw new Error(
      `package-lock.json lacks ${missing} of ${place || 'the root'}`,
    );
  }
  return [
    ...names.map(find),
    ...(peers ? peersOf(entry, { optional: false }).map(find) : []),
    ...(present ? peersOf(entry, { optional: true }).map(find) : []).filter(
      key => present.has(key),
    ),
  ].filter(key => key !== undefined);
}

/**
 * Everything that is installed for `seeds`: places in the tree. Nothing is installed for
 * an optional peer, but what is there (`present`) for something else serves as one.
 */
function reach(packages, seeds, options) {
  const found = new Set(seeds);
  for (const place of found) {
    const entry = packages[place];
    if (entry.link) {
      found.add(entry.resolved);
      continue;
    }
    for (const key of dependenciesOf(packages, place, options)) found.add(key);
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
  const sets = findSets(packages, seeds);
  const moved = place =>
    place.startsWith(`${from}/`) ? place.slice(from.length + 1) : place;
  const entries = [...sets.all].map(place => {
    if (seeds.includes(place)) {
      return [moved(place), lockEntryOf(packages[place])];
    }
    const entry = { ...packages[place] };
    if (entry.link) entry.resolved = moved(entry.resolved);
    else setFlags(entry, place, sets);
    return [moved(place), entry];
  });
  for (const place of workspaces) {
    const link = `node_modules/${packages[place].name}`;
    if (!sets.all.has(link)) {
      entries.push([link, { resolved: moved(place), link: true }]);
    }
  }
  entries.sort(([a], [b]) => a.localeCompare(b, 'en'));
  return {
    name: root.name,
    version: root.version,
    lockfileVersion: 3,
    requires: true,
    packages: Object.fromEntries(
      entries.map(([place, entry]) => [place, inNpmsOrder(entry)]),
    ),
  };
}

/** What is installed, all of it and by what is left out. */
function findSets(packages, seeds) {
  const isSeed = place => seeds.includes(place);
  const within = options => reach(packages, seeds, { isSeed, ...options });
  const all = within({ dev: true, optional: true });
  return {
    all,
    required: within({ dev: true }),
    production: within({ optional: true, present: all }),
    productionRequired: within({}),
    withoutPeers: within({ dev: true, optional: true, peers: false }),
  };
}

/** As npm writes an entry, so that its next installation changes no line of it. */
function inNpmsOrder(entry) {
  const rank = key => {
    const index = FIRST_KEYS.indexOf(key);
    return index === -1 ? FIRST_KEYS.length : index;
  };
  const isObject = key =>
    typeof entry[key] === 'object' && !Array.isArray(entry[key]);
  const keys = Object.keys(entry).sort(
    (a, b) =>
      isObject(a) - isObject(b) ||
      rank(a) - rank(b) ||
      a.localeCompare(b, 'en'),
  );
  return Object.fromEntries(keys.map(key => [key, entry[key]]));
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
  if (!sets.withoutPeers.has(place)) entry.peer = true;
  if (!sets.production.has(place)) {
    entry.dev = true;
    if (!sets.required.has(place)) entry.optional = true;
  } else if (!sets.productionRequired.has(place)) {
    entry[sets.required.has(place) ? 'devOptional' : 'optional'] = true;
  }
}

module.exports = { pruneLockfile };
