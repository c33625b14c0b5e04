import {
  MissingAnnotationEmptyState,
  useEntity,
} from '@backstage/plugin-catalog-react';
import { GENAI_ENVIRONMENT_ANNOTATION } from '@genai-environments/backstage-plugin-genai-environments-common';
import { getEnvironmentName } from '../entity';
import { EnvironmentContent } from './EnvironmentContent/EnvironmentContent';

/** The environment tab of the entity at hand. */
export function EntityGenaiEnvironmentContent() {
  const name = getEnvironmentName(useEntity().entity);
  if (!name) {
    return (
      <MissingAnnotationEmptyState annotation={GENAI_ENVIRONMENT_ANNOTATION} />
    );
  }
  return <EnvironmentContent key={name} name={name} />;
}
