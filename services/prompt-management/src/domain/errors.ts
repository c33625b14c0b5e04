import { NotFoundError } from '@genai-environments/service-kit';

/** There is no template of that name in the application. */
export function noTemplate(name: string): NotFoundError {
  return new NotFoundError(
    `There is no prompt template "${name}". Save it first, or list the ones there are.`,
    { code: 'prompt_template_not_found' },
  );
}

/** The template has other versions. */
export function noVersion(
  name: string,
  version: number,
  latest: number,
): NotFoundError {
  return new NotFoundError(
    `Prompt template "${name}" has no version ${version}. Its versions are 1 to ${latest}.`,
    { code: 'prompt_version_not_found' },
  );
}

/** The template has other labels, or none. */
export function noLabel(
  name: string,
  label: string,
  existing: readonly string[],
): NotFoundError {
  const others = existing.length
    ? `Its labels are ${existing.map(each => `"${each}"`).join(', ')}.`
    : 'It has no labels yet; "latest" always means the newest version.';
  return new NotFoundError(
    `Prompt template "${name}" has no label "${label}". ${others}`,
    { code: 'prompt_label_not_found' },
  );
}
