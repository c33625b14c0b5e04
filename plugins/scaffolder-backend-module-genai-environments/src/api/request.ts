import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  CreateEnvironmentRequest,
  createEnvironmentRequestSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentsApi } from './EnvironmentsApi';
import { withoutStack } from './errors';

/** What the actions take: a request whose provisioner and region may be left open. */
export type EnvironmentInput = JsonObject & {
  provisioner?: string;
  region?: string;
};

/**
 * Makes an action's input the request it stands for: the platform's default provisioner
 * and its first region where none is named, and no empty fields, as forms send them.
 *
 * @throws InputError with one line for each problem.
 */
export async function toCreateRequest(options: {
  api: EnvironmentsApi;
  input: EnvironmentInput;
  requestId: string;
  signal?: AbortSignal;
}): Promise<CreateEnvironmentRequest> {
  const { api, input, requestId, signal } = options;
  const given = withoutEmpty(input) as EnvironmentInput;
  if (!given.provisioner || !given.region) {
    Object.assign(given, await choosePlace(api, given, signal));
  }
  const parsed = createEnvironmentRequestSchema.safeParse({
    ...given,
    requestId,
  });
  if (parsed.success) return parsed.data;
  throw withoutStack(
    new InputError(
      problemLines(
        parsed.error.issues.map(issue => ({
          path: issue.path.join('.'),
          message: issue.message,
        })),
      ),
    ),
  );
}

/** Problems as people read them: one line each, named after the field. */
export function problemLines(
  problems: Array<{ path: string; message: string }>,
): string {
  const lines = problems.map(({ path, message }) =>
    path ? `- ${path}: ${message}` : `- ${message}`,
  );
  return ['The environment cannot be created as asked:', ...lines].join('\n');
}

/** Forms and templates have no way to leave a field out: an empty one is not meant. */
function withoutEmpty(fields: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) {
    const isObject =
      typeof value === 'object' && value !== null && !Array.isArray(value);
    const inner = isObject ? withoutEmpty(value) : value;
    const isEmpty = isObject && Object.keys(inner as JsonObject).length === 0;
    if (inner !== undefined && inner !== null && inner !== '' && !isEmpty) {
      kept[key] = inner;
    }
  }
  return kept;
}

async function choosePlace(
  api: EnvironmentsApi,
  given: EnvironmentInput,
  signal?: AbortSignal,
): Promise<{ provisioner: string; region: string }> {
  const provisioners = await api.listProvisioners(signal);
  const chosen = given.provisioner
    ? provisioners.find(({ id }) => id === given.provisioner)
    : provisioners.find(({ isDefault }) => isDefault) ?? provisioners[0];
  const offered = provisioners.map(({ id }) => id).join(', ') || 'none';
  if (!chosen) {
    throw withoutStack(
      new InputError(
        given.provisioner
          ? `There is no provisioner "${given.provisioner}". Choose one of: ${offered}.`
          : 'No provisioner is installed. Ask the platform team to add one to the portal backend.',
      ),
    );
  }
  return { provisioner: chosen.id, region: given.region ?? chosen.regions[0] };
}
