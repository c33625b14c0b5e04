import type {
  CreateEnvironmentRequest,
  Plan,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Dependencies } from './reconcile/Step';
import { NO_APP_OBSTACLE } from './reconcile/planLaunch';

const SERVICE_DESCRIPTIONS: Record<ServiceName, string> = {
  'model-invocation':
    'Calls models: classic, OpenAI-compatible and Anthropic-compatible API',
  'document-processing': 'Extracts text from documents and cuts it into chunks',
  vectorization: 'Keeps vectors of chunks, searches in them and answers',
  'prompt-management': 'Keeps versions of prompt templates and fills them in',
  administration: 'Applications, limits and usage, for the platform',
  app: "The project's own app, at /app/",
};

/** What creating the environment would make on this machine, and what is in the way. */
export async function planLocally(
  request: CreateEnvironmentRequest,
  dependencies: Dependencies,
): Promise<Pick<Plan, 'problems' | 'resources' | 'monthlyCost'>> {
  const { name, services, models } = request;
  const { upstreams } = dependencies.config;
  const paid = upstreams.some(upstream =>
    upstream.models.some(({ id }) => models.includes(id)),
  );
  return {
    problems: await findProblems(request, dependencies),
    resources: [
      {
        type: 'Directory',
        name: `environments/${name}-…`,
        description:
          "The environment's data in the portal's data directory, readable by the portal's account only",
      },
      {
        type: 'Process',
        name: 'runtime',
        description:
          'One process of about 100 MB that hosts the services; it keeps running while the portal restarts',
      },
      {
        type: 'Port',
        name: '127.0.0.1',
        description: 'A free port that only programs on this machine reach',
      },
      ...services.map(service => ({
        type: 'Service',
        name: service,
        description: SERVICE_DESCRIPTIONS[service],
      })),
    ],
    monthlyCost: {
      amount: 0,
      currency: 'USD',
      note: paid
        ? 'Runs on this machine. What the servers behind the chosen models charge is not included.'
        : 'Runs on this machine.',
    },
  };
}

async function findProblems(
  { services }: CreateEnvironmentRequest,
  { dataDirectory, bundle, config, bundledApp }: Dependencies,
): Promise<Plan['problems']> {
  const problems: Plan['problems'] = [];
  const unavailable = (path: string, message: string) =>
    problems.push({ path, code: 'unavailable', message });

  if (!(await dataDirectory.isWritable())) {
    unavailable(
      '',
      `The portal cannot write to its data directory ${dataDirectory.path}. Make it writable for the portal's account, or set genaiEnvironments.local.dataDirectory.`,
    );
  }
  try {
    bundle.entry();
  } catch (error) {
    unavailable('', (error as Error).message);
  }
  const hasApp = config.appDirectory || bundledApp.isInstalled();
  if (services.includes('app') && !hasApp) {
    unavailable(
      'services',
      `${NO_APP_OBSTACLE.message} ${NO_APP_OBSTACLE.nextAction}`,
    );
  }
  return problems;
}
