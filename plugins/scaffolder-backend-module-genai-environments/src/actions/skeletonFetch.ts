import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { writeFiles } from '../files/writeFiles';
import { locateSkeleton } from '../skeleton/locateSkeleton';
import { withTaskErrors } from './dependencies';
import { localRepositoryUrl, parseName } from './localRepository';
import { examples } from './skeletonFetch.examples';

/** `genai:skeleton:fetch`: the bundled project skeleton, filled in, in the workspace. */
export function createSkeletonFetchAction(options: {
  config: Config;
  /** Default: the skeleton that comes with this package. */
  source?: string;
}) {
  return createTemplateAction({
    id: 'genai:skeleton:fetch',
    description:
      'Puts the bundled skeleton of a GenAI app (source, tests, docs, catalog entry, CI, image) into the workspace',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        name: z =>
          z.string().describe('Name of the project and its environment'),
        owner: z => z.string().describe('Entity reference of the owner'),
        description: z => z.string().optional().describe('What it is for'),
        repositoryUrl: z =>
          z
            .string()
            .optional()
            .describe(
              'Address of the repository it will be published to; default: where genai:repository:publish puts it',
            ),
        environment: z =>
          z
            .string()
            .optional()
            .describe('Name of its environment; default: its own name'),
        targetPath: z =>
          z
            .string()
            .optional()
            .describe('Directory within the workspace; default: the workspace'),
      },
      output: {
        files: z => z.array(z.string()).describe('Paths that were written'),
      },
    },
    handler: ctx =>
      withTaskErrors(async () => {
        const { owner, targetPath = '.' } = ctx.input;
        const name = parseName(ctx.input.name);
        const files = await writeFiles({
          source: options.source ?? locateSkeleton(),
          target: resolveSafeChildPath(ctx.workspacePath, targetPath),
          values: {
            ...{ name, owner },
            description: ctx.input.description || `GenAI app ${name}`,
            repositoryUrl:
              ctx.input.repositoryUrl ||
              localRepositoryUrl(options.config, name),
            environment: ctx.input.environment ?? name,
          },
        });
        ctx.logger.info(`Wrote the project skeleton: ${files.length} files.`);
        ctx.output('files', files);
      }),
  });
}
