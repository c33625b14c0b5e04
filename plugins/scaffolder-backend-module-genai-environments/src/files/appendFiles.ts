import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { render, Values } from './render';

/**
 * Adds the text of each file in `source`, with its placeholders filled, to the end of the
 * file of that name in `target`. One that is not there yet starts with `beginnings`.
 * Doing it again changes nothing.
 *
 * @returns names of the files, sorted.
 */
export async function appendFiles(options: {
  source: string;
  target: string;
  values: Values;
  /** By name of the file; default: nothing. */
  beginnings?: Readonly<Record<string, string>>;
}): Promise<string[]> {
  const { source, target, values, beginnings = {} } = options;
  const names = (await readdir(source)).sort();
  for (const path of names) {
    const text = render({
      ...{ path, values },
      text: await readFile(join(source, path), 'utf8'),
    });
    const file = join(target, path);
    const before = existsSync(file)
      ? await readFile(file, 'utf8')
      : beginnings[path] ?? '';
    if (before.includes(text)) continue;
    await writeFile(file, before ? `${before}\n${text}` : text);
  }
  return names;
}
