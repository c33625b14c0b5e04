import type { Entity } from '@backstage/catalog-model';
import {
  GENAI_ENVIRONMENT_ANNOTATION,
  GENAI_ENVIRONMENT_RESOURCE_TYPE,
} from '@genai-environments/backstage-plugin-genai-environments-common';

/**
 * Name of the environment an entity belongs to, or `undefined`. The environment's
 * Resource carries the annotation, and so do its API and its app's Component.
 */
export function getEnvironmentName(entity: Entity): string | undefined {
  return entity.metadata.annotations?.[GENAI_ENVIRONMENT_ANNOTATION];
}

/** Whether an entity belongs to an environment: condition of the entity card. */
export function isGenaiEnvironmentAvailable(entity: Entity): boolean {
  return Boolean(getEnvironmentName(entity));
}

/** Whether an entity *is* an environment: condition of the tab and of *Tear down*. */
export function isGenaiEnvironment(entity: Entity): boolean {
  return (
    entity.kind.toLocaleLowerCase('en-US') === 'resource' &&
    entity.spec?.type === GENAI_ENVIRONMENT_RESOURCE_TYPE &&
    isGenaiEnvironmentAvailable(entity)
  );
}

/** Entity page of an environment: its Resource has the environment's name. */
export function environmentEntityRef(name: string) {
  return { kind: 'resource', namespace: 'default', name };
}
