import type { StackState } from '../aws/stackRecords';

/**
 * A deployment of an API is what the API was when it was made: what parameters change in it
 * is served once the stack has the other one of two revisions. So each change of a parameter
 * that the API is made of comes with one, compared with what the stack has: after a change
 * that was rolled back, that is again what is served.
 *
 * @param options.parameter its name
 * @param options.wanted parameters that the API is made of
 * @returns `undefined`: there is no API yet
 */
export function apiRevision(
  base: Pick<StackState, 'parameters'> | undefined,
  options: { parameter: string; wanted: Record<string, string | undefined> },
): string | undefined {
  const { parameter, wanted } = options;
  const now = base?.parameters[parameter];
  if (!now) return undefined;
  const isSame = Object.entries(wanted).every(
    ([name, value]) => items(base.parameters[name]) === items(value),
  );
  if (isSame) return now;
  return now === 'a' ? 'b' : 'a';
}

/** As CloudFormation reads lists: spaces around items are none of their business. */
function items(value = ''): string {
  return value
    .split(',')
    .map(item => item.trim())
    .join(',');
}
