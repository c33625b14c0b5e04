import { pickTelemetry } from '@genai-environments/runtime';
import type { EnvironmentRecord } from '../files/EnvironmentDirectory';
import { aliasesFor, pricesFor } from '../modelConfig';
import type { AppSnapshot } from '../repository/BundledApp';
import { runtimeVariables } from '../runtime/runtimeVariables';
import { hashLaunch, lastRestartOf } from './launchHash';
import type { Step } from './Step';

/** How the runtime of an environment has to be started. */
export type LaunchPlan = {
  /** Services that the runtime hosts; the app is none of them. */
  services: string[];
  variables: Record<string, string>;
  /** Changes when a running runtime has to be restarted. */
  configHash: string;
  /** Directory of the app when the environment has one. */
  app?: {
    directory: string;
    repositoryUrl?: string;
    /** Has to be in `directory` before the runtime starts. */
    snapshot?: AppSnapshot;
  };
  /** Why the runtime could not be started as asked for. */
  obstacle?: { reason: string; message: string; nextAction: string };
};

export const NO_APP_OBSTACLE = {
  reason: 'AppMissing',
  message:
    'The environment shall run an app, but there is neither a repository of the project on this machine nor a bundled skeleton.',
  nextAction:
    'Ask the platform team to install the scaffolder module of GenAI Environments, or to set genaiEnvironments.local.appDirectory.',
};

/** Looks at spec, configuration, bundle and app. Changes nothing. */
export async function planLaunch(
  step: Step,
  record: EnvironmentRecord,
  controlKey: string,
): Promise<LaunchPlan> {
  const { desired, dependencies, directory } = step;
  const { spec } = desired;
  const { config } = dependencies;
  const services = spec.services.filter(name => name !== 'app').sort();
  const wantsApp = spec.services.includes('app');
  const app = wantsApp ? await findApp(step) : undefined;
  const bundle = await hashBundle(step);
  const telemetry = pickTelemetry(dependencies.inherited);

  const own: Record<`GENAI_${string}`, string | undefined> = {
    GENAI_ENVIRONMENT_NAME: desired.name,
    GENAI_ENVIRONMENT_UID: desired.uid,
    GENAI_DATA_DIRECTORY: directory.path,
    GENAI_HOST: '127.0.0.1',
    GENAI_PORT: String(record.port),
    GENAI_MODELS: JSON.stringify(spec.models),
    GENAI_UPSTREAMS: JSON.stringify(upstreamsFor(step)),
    GENAI_MODEL_ALIASES: JSON.stringify(
      aliasesFor(spec.models, config.modelAliases),
    ),
    GENAI_PRICES: JSON.stringify(pricesFor(spec.models, config.prices)),
    GENAI_APP_DIRECTORY: app?.directory,
  };
  const configHash = hashLaunch(
    {
      ...{ services, variables: own, bundle: bundle.hash, telemetry },
      restartedAt: lastRestartOf(spec),
    },
    controlKey,
  );

  return {
    services,
    app,
    configHash,
    variables: runtimeVariables(
      {
        ...own,
        GENAI_CONTROL_KEY: controlKey,
        GENAI_CONFIG_HASH: configHash,
      },
      dependencies.inherited,
    ),
    obstacle:
      bundle.obstacle ?? (wantsApp && !app ? NO_APP_OBSTACLE : undefined),
  };
}

async function findApp(step: Step): Promise<LaunchPlan['app']> {
  const { dependencies, desired } = step;
  const { repositories, config, bundledApp } = dependencies;
  const repository = await repositories.find(desired);
  if (repository !== undefined) {
    return {
      directory: repository,
      repositoryUrl: repositories.urlOf(repository),
    };
  }
  if (config.appDirectory) return { directory: config.appDirectory };
  const snapshot = await bundledApp.load();
  return (
    snapshot && {
      directory: step.directory.appCopyPath(snapshot.hash),
      snapshot,
    }
  );
}

/** Only servers that have one of the environment's models, and nothing of others. */
function upstreamsFor({ dependencies, desired }: Step) {
  const chosen = new Set(desired.spec.models);
  return dependencies.config.upstreams.flatMap(upstream => {
    const models = upstream.models
      .filter(({ id }) => chosen.has(id))
      .map(({ id, kind }) => ({ id, kind }));
    const { id, baseUrl, apiKey } = upstream;
    return models.length > 0 ? [{ id, baseUrl, apiKey, models }] : [];
  });
}

async function hashBundle({ dependencies }: Step) {
  try {
    return { hash: await dependencies.bundle.hash() };
  } catch (error) {
    return {
      hash: undefined,
      obstacle: {
        reason: 'RuntimeMissing',
        message: (error as Error).message,
        nextAction:
          'Ask the platform team to build or install the runtime; the environment starts by itself then.',
      },
    };
  }
}
