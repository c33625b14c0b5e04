import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Check a sandbox at the platform’s default place',
    example: stringify({
      steps: [
        {
          id: 'plan',
          name: 'Check the request',
          action: 'genai:environment:plan',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            tier: 'sandbox',
            models: ['local.extractive'],
            services: ['model-invocation', 'prompt-management'],
          },
        },
      ],
    }),
  },
  {
    description: 'Check a request that names everything',
    example: stringify({
      steps: [
        {
          id: 'plan',
          name: 'Check the request',
          action: 'genai:environment:plan',
          input: {
            name: 'orders-assistant',
            owner: 'group:default/payments',
            description: 'Answers questions about orders',
            provisioner: 'local',
            region: 'local',
            tier: 'sandbox',
            models: ['local.extractive', 'local.embedding'],
            services: ['model-invocation', 'app'],
            expiresAfter: 'P7D',
          },
        },
      ],
    }),
  },
];
