import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { Plan } from '@genai-environments/backstage-plugin-genai-environments-common';
import { withoutStack } from '../api/errors';
import { problemLines, toCreateRequest } from '../api/request';
import { ApiActionOptions, apiFor, withTaskErrors } from './dependencies';
import { environmentInput } from './inputs';
import { examples } from './plan.examples';

/** `genai:environment:plan`: preflight of a request; creates nothing. */
export function createEnvironmentPlanAction(options: ApiActionOptions) {
  return createTemplateAction({
    id: 'genai:environment:plan',
    description:
      'Checks a request for a GenAI environment (name, owner, quota, models, cost) before anything is created; fails with all problems at once',
    examples,
    supportsDryRun: true,
    schema: {
      input: environmentInput,
      output: {
        summary: z => z.string().describe('The plan in words'),
        resources: z =>
          z
            .array(z.string())
            .describe('What would be created, one line for each'),
        monthlyCost: z =>
          z
            .string()
            .describe('Idle cost per month with currency, such as 12.50 USD'),
        expiresAt: z =>
          z.string().optional().describe('When it would be torn down'),
        provisioner: z => z.string().describe('Where it would run'),
        region: z => z.string().describe('Region it would run in'),
      },
    },
    handler: ctx =>
      withTaskErrors(async () => {
        const api = await apiFor(ctx, options);
        const request = await toCreateRequest({
          api,
          input: ctx.input,
          requestId: ctx.task.id,
          signal: ctx.signal,
        });
        const plan = await api.plan(request, ctx.signal);
        if (plan.problems.length > 0) {
          throw withoutStack(new InputError(problemLines(plan.problems)));
        }
        const resources = Array.from(
          plan.resources,
          ({ type, name, description }) => `${type} ${name}: ${description}`,
        );
        const summary = summarize(request.name, plan);
        ctx.logger.info(summary);
        for (const line of resources) ctx.logger.info(`  ${line}`);

        ctx.output('summary', summary);
        ctx.output('resources', resources);
        ctx.output('monthlyCost', formatCost(plan));
        if (plan.expiresAt) ctx.output('expiresAt', plan.expiresAt);
        ctx.output('provisioner', request.provisioner);
        ctx.output('region', request.region);
      }),
  });
}

function summarize(name: string, plan: Plan): string {
  const count = plan.resources.length;
  const resources = count === 1 ? '1 resource' : `${count} resources`;
  const sentences = [
    `Environment ${name}: ${resources}, ${formatCost(
      plan,
    )} a month while idle.`,
  ];
  if (plan.monthlyCost.note) sentences.push(plan.monthlyCost.note);
  if (plan.expiresAt) sentences.push(`It expires at ${plan.expiresAt}.`);
  return sentences.join(' ');
}

function formatCost({ monthlyCost: { amount, currency } }: Plan): string {
  return `${amount.toFixed(2)} ${currency}`;
}
