import { InputError } from '@backstage/errors';

/** What the skeleton's files can refer to. */
export type SkeletonValues = {
  name: string;
  owner: string;
  description: string;
  repositoryUrl: string;
  environment: string;
};

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
  values: SkeletonValues;
}): string {
  const { path, text, values } = options;
  return text.replace(
    PLACEHOLDER,
    (placeholder, key: string, filter?: string) => {
      if (!Object.hasOwn(values, key) || (filter && filter !== 'dump')) {
        throw new InputError(
          `${path} of the skeleton contains ${placeholder}, which cannot be filled. Values: ${Object.keys(
            values,
          ).join(', ')}; filter: dump.`,
        );
      }
      const value = values[key as keyof SkeletonValues];
      return filter ? JSON.stringify(value) : value;
    },
  );
}
