import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Add the source of the services to a project',
    example: stringify({
      steps: [
        {
          id: 'services',
          name: 'Add the source of the services',
          action: 'genai:services:fetch',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            services: ['model-invocation', 'prompt-management'],
          },
        },
      ],
    }),
  },
  {
    description: 'Write them into a folder, for an image that runs all of them',
    example: stringify({
      steps: [
        {
          id: 'services',
          name: 'Write the source of the services',
          action: 'genai:services:fetch',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            targetPath: 'environment',
          },
        },
      ],
    }),
  },
];
