import { InputError } from '@backstage/errors';

/** What the files can refer to, by name. */
export type Values = Readonly<Record<string, string>>;

/**
 * `${{ values.name }}`, or `${{ values.name | dump }}` for a quoted string that is safe
 * in JSON and YAML. Everything else between `${{` and `}}` stays as it is: GitHub's
 * workflows write their own expressions that way, which is why this is no template
 * language.
 */
const PLACEHOLDER = /\$\{\{\s*values\.(\w+)\s*(?:\|\s*(\w+)\s*)?\}\}/g;

/**
 * Fills the placeholders of one file.
 *
 * @throws InputError when the file refers to a value or filter that does not exist.
 */
export function render(options: {
  path: string;
  text: string;
  values: Values;
}): string {
  const { path, text, values } = options;
  return text.replace(
    PLACEHOLDER,
    (placeholder, key: string, filter?: string) => {
      if (!Object.hasOwn(values, key) || (filter && filter !== 'dump')) {
        throw new InputError(
          `${path} contains ${placeholder}, which cannot be filled. Values: ${Object.keys(
            values,
          ).join(', ')}; filter: dump.`,
        );
      }
      const value = values[key];
      return filter ? JSON.stringify(value) : value;
    },
  );
}
