import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Create an environment with the project’s app and wait for it',
    example: stringify({
      steps: [
        {
          id: 'create',
          name: 'Create the environment',
          action: 'genai:environment:create',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            tier: 'sandbox',
            models: ['local.extractive'],
            services: ['model-invocation', 'prompt-management', 'app'],
            expiresAfter: 'P7D',
            app: {
              repository: 'https://github.com/acme/orders-assistant',
              catalogSource: 'repository',
            },
          },
        },
      ],
    }),
  },
  {
    description: 'Request an environment and go on at once',
    example: stringify({
      steps: [
        {
          id: 'create',
          name: 'Request the environment',
          action: 'genai:environment:create',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            tier: 'sandbox',
            models: ['local.extractive'],
            services: ['model-invocation'],
            wait: false,
          },
        },
      ],
    }),
  },
];
