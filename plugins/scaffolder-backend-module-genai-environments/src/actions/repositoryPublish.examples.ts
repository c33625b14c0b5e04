import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Publish the workspace on this machine',
    example: stringify({
      steps: [
        {
          id: 'publish',
          name: 'Publish the project',
          action: 'genai:repository:publish',
          input: { name: 'orders-assistant', owner: 'group:default/payments' },
        },
      ],
    }),
  },
  {
    description: 'Publish one folder of the workspace',
    example: stringify({
      steps: [
        {
          id: 'publish',
          name: 'Publish the app',
          action: 'genai:repository:publish',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            sourcePath: 'services/assistant',
          },
        },
      ],
    }),
  },
];
