import {
  MissingAnnotationEmptyState,
  useEntity,
} from '@backstage/plugin-catalog-react';
import { GENAI_ENVIRONMENT_ANNOTATION } from '@genai-environments/backstage-plugin-genai-environments-common';
import { getEnvironmentName } from '../entity';
import { EnvironmentCard } from './EnvironmentCard/EnvironmentCard';

/** The environment card of the entity at hand. */
export function EntityGenaiEnvironmentCard() {
  const name = getEnvironmentName(useEntity().entity);
  if (!name) {
    return (
      <MissingAnnotationEmptyState annotation={GENAI_ENVIRONMENT_ANNOTATION} />
    );
  }
  return <EnvironmentCard key={name} name={name} />;
}
