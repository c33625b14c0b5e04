import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
  EntityLink,
} from '@backstage/catalog-model';
import {
  Environment,
  GENAI_ENVIRONMENT_ANNOTATION,
  GENAI_ENVIRONMENT_RESOURCE_TYPE,
} from '@genai-environments/backstage-plugin-genai-environments-common';

/** Tells environments that had the same name one after the other apart. */
export const ENVIRONMENT_UID_ANNOTATION =
  'genai-environments.io/environment-uid';

/** On every entity of an environment, so that they can be filtered for. */
export const TIER_LABEL = 'genai-environments.io/tier';
export const PROVISIONER_LABEL = 'genai-environments.io/provisioner';

/** References of all entities that an environment of this name can have. */
export function entityRefsOf(name: string) {
  return {
    resource: `resource:default/${name}`,
    api: `api:default/${name}`,
    app: `component:default/${name}-app`,
  };
}

/**
 * The catalog entities of an environment. Without `openApi` there is no API entity,
 * and nothing refers to it, so that no page shows a dangling relation.
 */
export function toEntities(options: {
  environment: Environment;
  openApi?: string;
}): Entity[] {
  const { environment, openApi } = options;
  const entities = [toResource(environment, openApi !== undefined)];
  if (openApi !== undefined) entities.push(toApi(environment, openApi));
  if (environment.spec.app?.catalogSource === 'environment') {
    entities.push(toAppComponent(environment, openApi !== undefined));
  }
  return entities;
}

function toResource(environment: Environment, hasApi: boolean): Entity {
  const refs = entityRefsOf(environment.name);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      ...commonMetadata(environment),
      name: environment.name,
      description:
        environment.spec.description ?? `GenAI environment ${environment.name}`,
      links: environmentLinks(environment),
    },
    spec: {
      type: GENAI_ENVIRONMENT_RESOURCE_TYPE,
      owner: environment.owner,
      ...(hasApi ? { dependencyOf: [refs.api] } : {}),
    },
  };
}

function toApi(environment: Environment, definition: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: {
      ...commonMetadata(environment),
      name: environment.name,
      description: `API of the GenAI environment ${environment.name}`,
      links: environmentLinks(environment),
    },
    spec: {
      type: 'openapi',
      lifecycle: lifecycleOf(environment),
      owner: environment.owner,
      definition,
    },
  };
}

function toAppComponent(environment: Environment, hasApi: boolean): Entity {
  const { appUrl } = environment.status.outputs;
  const refs = entityRefsOf(environment.name);
  const common = commonMetadata(environment);
  const repository = webAddress(environment.spec.app?.repository);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      ...common,
      name: `${environment.name}-app`,
      description: `App of the GenAI environment ${environment.name}`,
      annotations: {
        ...common.annotations,
        ...(repository
          ? { [ANNOTATION_SOURCE_LOCATION]: `url:${repository}` }
          : {}),
      },
      links: appUrl ? [{ url: appUrl, title: 'App', icon: 'web' }] : [],
    },
    spec: {
      type: 'service',
      lifecycle: lifecycleOf(environment),
      owner: environment.owner,
      dependsOn: [refs.resource],
      ...(hasApi ? { consumesApis: [refs.api] } : {}),
    },
  };
}

function commonMetadata(environment: Environment) {
  const { name, uid, spec } = environment;
  const provisioner = labelValue(spec.provisioner);
  return {
    namespace: 'default',
    annotations: {
      [GENAI_ENVIRONMENT_ANNOTATION]: name,
      [ENVIRONMENT_UID_ANNOTATION]: uid,
      [ANNOTATION_LOCATION]: `genai-environment:${name}`,
      [ANNOTATION_ORIGIN_LOCATION]: `genai-environment:${name}`,
    },
    labels: {
      [TIER_LABEL]: spec.tier,
      [PROVISIONER_LABEL]: provisioner,
    },
    tags: [...new Set(['genai', spec.tier, tagOf(provisioner)])],
  };
}

function environmentLinks(environment: Environment): EntityLink[] {
  const { endpoint, appUrl } = environment.status.outputs;
  const links: EntityLink[] = [];
  if (endpoint) links.push({ url: endpoint, title: 'Endpoint', icon: 'cloud' });
  if (appUrl) links.push({ url: appUrl, title: 'App', icon: 'web' });
  if (endpoint && environment.status.phase === 'Ready') {
    links.push({
      url: `${endpoint}/openapi.json`,
      title: 'API document',
      icon: 'docs',
    });
  }
  return links;
}

function lifecycleOf(environment: Environment): string {
  return environment.spec.tier === 'sandbox' ? 'experimental' : 'production';
}

/** Only what a browser can open; a local repository's `file:` address is not. */
function webAddress(url: string | undefined): string | undefined {
  return url && /^https?:\/\//.test(url) ? url : undefined;
}

function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

function tagOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
