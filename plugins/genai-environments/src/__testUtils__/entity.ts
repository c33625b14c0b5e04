import type { Entity } from '@backstage/catalog-model';
import {
  GENAI_ENVIRONMENT_ANNOTATION,
  GENAI_ENVIRONMENT_RESOURCE_TYPE,
} from '@genai-environments/backstage-plugin-genai-environments-common';

/** The catalog Resource of an environment. */
export function environmentEntity(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      namespace: 'default',
      annotations: { [GENAI_ENVIRONMENT_ANNOTATION]: name },
    },
    spec: {
      type: GENAI_ENVIRONMENT_RESOURCE_TYPE,
      owner: 'group:default/payments',
    },
    relations: [],
  };
}
