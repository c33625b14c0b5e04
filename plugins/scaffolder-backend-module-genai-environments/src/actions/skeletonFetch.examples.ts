import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Start a project with the skeleton',
    example: stringify({
      steps: [
        {
          id: 'fetch',
          name: 'Write the project',
          action: 'genai:skeleton:fetch',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            description: 'Answers questions about orders',
            repositoryUrl: 'https://github.com/acme/orders-assistant',
          },
        },
      ],
    }),
  },
  {
    description: 'Add the skeleton to a project as one of its folders',
    example: stringify({
      steps: [
        {
          id: 'fetch',
          name: 'Write the app',
          action: 'genai:skeleton:fetch',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            targetPath: 'services/assistant',
          },
        },
      ],
    }),
  },
];
