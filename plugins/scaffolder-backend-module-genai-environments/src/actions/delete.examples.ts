import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Tear an environment down and wait until it is gone',
    example: stringify({
      steps: [
        {
          id: 'delete',
          name: 'Tear the environment down',
          action: 'genai:environment:delete',
          input: { name: 'orders-assistant' },
        },
      ],
    }),
  },
  {
    description: 'Request teardown and go on at once',
    example: stringify({
      steps: [
        {
          id: 'delete',
          name: 'Request teardown',
          action: 'genai:environment:delete',
          input: { name: 'orders-assistant', wait: false },
        },
      ],
    }),
  },
];
