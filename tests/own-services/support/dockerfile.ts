import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, matchesGlob, relative } from 'node:path';
import { environmentOfProject } from './environment';

type Instruction = { name: string; text: string };

/**
 * Runs the first stage of a Dockerfile without a container engine: the folder `root` takes
 * the place of `/`, and copies see what `.dockerignore` lets through. It knows the
 * instructions that the runtime's Dockerfile has, and refuses others.
 *
 * @returns the stage's working directory.
 */
export function runBuildStage(options: {
  /** Folder that the image is built from. */
  context: string;
  dockerfile: string;
  root: string;
}): string {
  const { context, root } = options;
  const text = readFileSync(join(context, options.dockerfile), 'utf8');
  const ignored = readIgnored(context);
  const env = environmentOfProject();
  let directory = root;
  for (const { name, text: rest } of firstStage(text)) {
    switch (name) {
      case 'ARG':
      case 'FROM':
        break;
      case 'WORKDIR':
        directory = join(root, rest);
        mkdirSync(directory, { recursive: true });
        break;
      case 'ENV':
        for (const [, key, value] of rest.matchAll(/(\w+)=(\S+)/g)) {
          env[key] = value;
        }
        break;
      case 'COPY':
        copy({ context, directory, ignored, paths: rest.split(/\s+/) });
        break;
      case 'RUN':
        execFileSync('sh', ['-ec', commandOf(rest, root)], {
          ...{ cwd: directory, env },
          stdio: ['ignore', 2, 'inherit'],
        });
        break;
      default:
        throw new Error(`${options.dockerfile}: ${name} is not known here.`);
    }
  }
  return directory;
}

function firstStage(text: string): Instruction[] {
  const instructions = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap(line => {
      const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return name ? [{ name, text: rest.trim() }] : [];
    });
  const stages = instructions.flatMap(({ name }, index) =>
    name === 'FROM' ? [index] : [],
  );
  return instructions.slice(0, stages[1]);
}

function commandOf(run: string, root: string): string {
  return run
    .replace(/--mount=\S+/g, '')
    .replace('--prefix / ', `--prefix '${root}' `);
}

function readIgnored(context: string): string[] {
  return readFileSync(join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter(line => line.startsWith('**/'))
    .map(line => line.slice('**/'.length));
}

function copy(options: {
  context: string;
  directory: string;
  ignored: string[];
  paths: string[];
}) {
  const { context, directory, ignored, paths } = options;
  const target = paths.at(-1)!;
  for (const path of paths.slice(0, -1)) {
    const from = join(context, path);
    const to = target.endsWith('/')
      ? join(directory, target, basename(path))
      : join(directory, target);
    cpSync(from, to, {
      recursive: true,
      filter: file =>
        relative(context, file) === '' ||
        !ignored.some(pattern => matchesGlob(basename(file), pattern)),
    });
  }
}
