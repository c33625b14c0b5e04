import {
  serviceNameSchema,
  tierSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { z as Zod } from 'zod/v3';

type Z = typeof Zod;
type Choices = [string, ...string[]];

/**
 * Fields of a request for an environment, for the action's reference page and the
 * template editor. The rules themselves are those of the API (`toCreateRequest`), so
 * that they are said once and in the same words.
 */
export const environmentInput = {
  name: (z: Z) =>
    z
      .string()
      .describe(
        'Name of the environment: 3 to 32 lower-case letters, digits and hyphens',
      ),
  owner: (z: Z) =>
    z
      .string()
      .describe(
        'Entity reference of the owner, such as group:default/payments',
      ),
  description: (z: Z) => z.string().optional().describe('What it is for'),
  provisioner: (z: Z) =>
    z
      .string()
      .optional()
      .describe("Where it runs; default: the platform's default provisioner"),
  region: (z: Z) =>
    z
      .string()
      .optional()
      .describe('Region; default: the first one of the provisioner'),
  tier: (z: Z) =>
    z
      .enum(tierSchema.options as unknown as Choices)
      .describe('Isolation and price'),
  models: (z: Z) =>
    z.array(z.string()).describe('Ids of the models it may invoke'),
  services: (z: Z) =>
    z
      .array(z.enum(serviceNameSchema.options as unknown as Choices))
      .describe('Services it runs'),
  expiresAfter: (z: Z) =>
    z
      .string()
      .optional()
      .describe(
        "Lifetime as ISO 8601 duration, such as PT8H or P7D; default: the platform's",
      ),
  app: (z: Z) =>
    z
      .object({
        repository: z
          .string()
          .optional()
          .describe('Address of the repository, for people to follow'),
        catalogSource: z
          .string()
          .optional()
          .describe(
            "Who puts the app into the catalog: 'environment', or 'repository' when its own catalog-info.yaml does",
          ),
      })
      .optional()
      .describe("The project's own app"),
};
