import { pickInherited, pickTelemetry } from '@genai-environments/runtime';

/**
 * The runtime's own variables and the few that it inherits from the backend.
 *
 * @see docs/runtime-protocol.md
 */
export function runtimeVariables(
  own: Record<`GENAI_${string}`, string | undefined>,
  inherited: Record<string, string | undefined>,
): Record<string, string> {
  const set = Object.entries(own).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...pickInherited(inherited),
    ...pickTelemetry(inherited),
    ...Object.fromEntries(set),
  };
}
