import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const isRoot = () => process.getuid?.() === 0;

/** Installs a package when this is Debian and root asks; `false` elsewhere. */
export function installDebianPackage(name: string): boolean {
  if (!isRoot() || !existsSync('/etc/debian_version')) return false;
  execFileSync('apt-get', ['update'], { stdio: 'inherit' });
  execFileSync('apt-get', ['install', '-y', name], { stdio: 'inherit' });
  return true;
}

/** Path of a command, which on Debian comes from the package of the same name. */
export function findCommand(name: string): string {
  const find = () =>
    (process.env.PATH ?? '')
      .split(delimiter)
      .map(directory => join(directory, name))
      .find(path => existsSync(path));
  const path = find() ?? (installDebianPackage(name) ? find() : undefined);
  if (path) return path;
  throw new Error(`No ${name} found. Install it and run the tests again.`);
}
