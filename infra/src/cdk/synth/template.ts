import type { TemplateResources } from '../../timing/criticalPath';

/** A template of CloudFormation. */
export type Template = {
  Parameters?: Record<string, unknown>;
  Outputs?: Record<string, unknown>;
  Resources: TemplateResources;
};
