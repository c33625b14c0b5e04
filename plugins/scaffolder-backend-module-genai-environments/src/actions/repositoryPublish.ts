import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { Author } from '../repository/git';
import { PublishOutcome, publishLocally } from '../repository/publishLocally';
import { ApiActionOptions, apiFor, withTaskErrors } from './dependencies';
import {
  localRepositoryDirectory,
  localRepositoryUrl,
  parseName,
} from './localRepository';
import { examples } from './repositoryPublish.examples';
import { withdrawUnused } from './withdraw';

/** `genai:repository:publish`: a git repository on the portal's own machine. */
export function createRepositoryPublishAction(
  options: ApiActionOptions & { config: Config },
) {
  return createTemplateAction({
    id: 'genai:repository:publish',
    description:
      "Publishes the workspace as a git repository in the portal's data directory, for portals without a git host. Never writes over a repository that is there. Cancelling takes back what the task published.",
    examples,
    schema: {
      input: {
        name: z =>
          z.string().describe('Name of the project and its repository'),
        owner: z => z.string().describe('Entity reference of the owner'),
        sourcePath: z =>
          z
            .string()
            .optional()
            .describe('Directory within the workspace; default: the workspace'),
      },
      output: {
        remoteUrl: z =>
          z.string().describe('Address to clone, a file: address'),
        repoContentsUrl: z => z.string().describe('Address of the files'),
        created: z =>
          z.boolean().describe('False when a repository from earlier is used'),
      },
    },
    handler: ctx =>
      withTaskErrors(async () => {
        const { owner, sourcePath = '.' } = ctx.input;
        const name = parseName(ctx.input.name);
        const target = localRepositoryDirectory(options.config, name);
        const api = await apiFor(ctx, options);
        const withdraw = () =>
          withdrawUnused({ config: options.config, api, ctx, name });
        const outcome = await publishLocally({
          source: resolveSafeChildPath(ctx.workspacePath, sourcePath),
          ...{ target, owner },
          author: authorOf(ctx.user),
          taskId: ctx.task.id,
          signal: ctx.signal,
        });
        ctx.logger.info(sentence(name, outcome));
        // The scaffolder asks no action any more once a task is cancelled between two.
        ctx.signal?.addEventListener('abort', withdraw, { once: true });
        if (ctx.signal?.aborted) {
          await withdraw();
          ctx.signal.throwIfAborted();
        }

        const url = localRepositoryUrl(options.config, name);
        ctx.output('remoteUrl', url);
        ctx.output('repoContentsUrl', url);
        ctx.output('created', outcome === 'created');
      }),
  });
}

function sentence(name: string, outcome: PublishOutcome): string {
  switch (outcome) {
    case 'created':
      return `Published the project as repository ${name}.`;
    case 'unchanged':
      return `Repository ${name} was published before; using it.`;
    default:
      return `Repository ${name} is kept from an earlier environment; using it as it is. The files of this task were not written over it.`;
  }
}

function authorOf(
  user:
    | { ref?: string; entity?: { metadata: { name: string }; spec?: object } }
    | undefined,
): Author {
  const profile = (
    user?.entity?.spec as
      | { profile?: { displayName?: string; email?: string } }
      | undefined
  )?.profile;
  const name =
    user?.entity?.metadata.name ?? user?.ref?.split('/').pop() ?? 'backstage';
  return {
    name: profile?.displayName || name,
    // Reserved by RFC 2606: no mail of strangers goes to somebody real.
    email: profile?.email || `${name}@users.invalid`,
  };
}
