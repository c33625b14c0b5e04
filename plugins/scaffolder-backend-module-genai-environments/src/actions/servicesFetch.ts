import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { serviceNameSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import { appendFiles } from '../files/appendFiles';
import { writeFiles } from '../files/writeFiles';
import { useOwnServices } from '../ownServices/useOwnServices';
import { withTaskErrors } from './dependencies';
import { parseName } from './localRepository';
import { examples } from './servicesFetch.examples';

/** All but the project's app, which is no part of the runtime. */
const SERVICES = serviceNameSchema.exclude(['app']).options;

/** `genai:services:fetch`: the source of the services, in the workspace. */
export function createServicesFetchAction(
  options: {
    /** Where the package lies; default: where it is installed. */
    packageDirectory?: string;
  } = {},
) {
  return createTemplateAction({
    id: 'genai:services:fetch',
    description:
      'Puts the source of the services of an environment into the workspace, with tests, Dockerfile and CI, for projects that change them and run an image of their own. Adds to README.md and catalog-info.yaml: run it after genai:skeleton:fetch.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        name: z =>
          z.string().describe('Name of the project and its environment'),
        owner: z => z.string().describe('Entity reference of the owner'),
        services: z =>
          z
            .array(
              z.enum(
                serviceNameSchema.options as unknown as [string, ...string[]],
              ),
            )
            .optional()
            .describe(
              'Services that the image runs; "app" is not one of them. Default: all',
            ),
        targetPath: z =>
          z
            .string()
            .optional()
            .describe('Directory within the workspace; default: the workspace'),
      },
      output: {
        files: z => z.array(z.string()).describe('Paths that were written'),
        services: z =>
          z.array(z.string()).describe('Services that the image runs'),
      },
    },
    handler: ctx =>
      withTaskErrors(async () => {
        const { owner, targetPath = '.' } = ctx.input;
        const name = parseName(ctx.input.name);
        const services = chosenServices(ctx.input.services);
        const target = resolveSafeChildPath(ctx.workspacePath, targetPath);
        const values = { name, owner, services: services.join(',') };
        const files = await useOwnServices(
          async ({ repository, appended }) => [
            ...(await writeFiles({ source: repository, target, values })),
            ...(await appendFiles({
              ...{ source: appended, target, values },
              beginnings: { 'README.md': `# ${name}\n` },
            })),
          ],
          options.packageDirectory,
        );
        ctx.logger.info(
          `Wrote the source of the services: ${files.length} files. The image runs ${values.services}.`,
        );
        ctx.output('files', files.sort());
        ctx.output('services', services);
      }),
  });
}

/** @throws InputError when none is left. */
function chosenServices(asked: string[] = SERVICES): string[] {
  const chosen = SERVICES.filter(service => asked.includes(service));
  if (chosen.length > 0) return chosen;
  throw new InputError(
    `There is no source of services to write: the environment runs none of ${SERVICES.join(
      ', ',
    )}. Choose one of them, or leave this step out.`,
  );
}
