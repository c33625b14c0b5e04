/** What npm reads in the folder of this repository, and hands on to what it runs. */
const OF_THIS_REPOSITORY = [
  'npm_config_allow_scripts',
  'npm_config_legacy_peer_deps',
  'npm_config_local_prefix',
];

/** Variables as a project's own npm would find them. */
export function environmentOfProject(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !OF_THIS_REPOSITORY.includes(name.toLowerCase()),
  );
  return Object.fromEntries(entries);
}
