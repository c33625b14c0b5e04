import {
  type BlueprintManifest,
  FOUNDATION_STACK_NAME,
} from '@genai-environments/aws-blueprints';
import { describeType } from '../stacks/causes';
import { describeDifference, describeParameters } from './describeDifference';
import type { BootstrapArguments } from './readArguments';
import type { Survey } from './survey';

type Described = {
  manifest: BlueprintManifest;
  asked: BootstrapArguments;
  found: Survey;
};

/** What the command is about to do, and what not; `template` is the foundation's wanted one. */
export function describePlan(plan: Described & { template: string }): string {
  const { manifest, asked, found } = plan;
  const { accountId, missing } = found;
  const bytes = missing.reduce((sum, each) => sum + each.bytes, 0);
  return [
    `Account ${accountId}, region ${asked.region}, blueprints ${manifest.version}`,
    '',
    ...describeStack(plan),
    ...(found.stack?.isProtected
      ? []
      : ['Once it stands it is protected from being deleted.']),
    '',
    missing.length === 0
      ? 'Templates: all are in the bucket.'
      : `Templates: ${missing.length} to upload, ${Math.ceil(
          bytes / 1024,
        )} KiB:`,
    ...missing.map(({ template }) => `  ${template}`),
    '',
    'Not touched: environments and their stacks, images, users and roles outside the stack,',
    'templates of other versions, everything in other regions.',
  ].join('\n');
}

function describeStack({
  manifest,
  found,
  template,
}: Described & { template: string }): string[] {
  const { foundation } = manifest;
  const { change, parameters, stack } = found;
  if (change === 'none') {
    return [`Stack ${FOUNDATION_STACK_NAME}: up to date.`];
  }
  if (change === 'update') {
    return [
      `Stack ${FOUNDATION_STACK_NAME}: to be updated by a change set:`,
      ...describeDifference(found.template ?? '', template),
      'with',
      ...describeParameters(parameters, stack?.parameters),
      'What another value of a parameter does to resources, the change set knows; what would remove one or make it anew is refused.',
    ];
  }
  const { idleMonthlyUsd, items, note } = foundation.cost;
  return [
    `Stack ${FOUNDATION_STACK_NAME}: to be created, up to ${foundation.resourceCount} resources:`,
    ...Object.entries(foundation.resourcesByType).map(
      ([type, count]) => `  ${count} × ${describeType(type).slice(4)}`,
    ),
    'with',
    ...describeParameters(parameters),
    `It costs about $${idleMonthlyUsd.toFixed(2)} a month by its defaults:`,
    ...items.map(
      ({ name, monthlyUsd, basis }) =>
        `  $${monthlyUsd.toFixed(2)}  ${name} (${basis})`,
    ),
    note,
  ];
}

/** What somebody has to do after it, with the commands. */
export function describeRest({
  manifest,
  asked,
  found,
  outputs,
}: Described & { outputs: Record<string, string> }): string {
  const { RuntimeRepositoryUri: repository, PortalRoleArn } = outputs;
  const registry = repository.split('/')[0];
  const profile = asked.profile ? ` --profile ${asked.profile}` : '';
  const image = found.hasImage
    ? [`The image ${repository}:${manifest.version} is there.`]
    : [
        'Build and push the image of the runtime:',
        `  aws ecr get-login-password --region ${asked.region}${profile} | docker login --username AWS --password-stdin ${registry}`,
        '  docker buildx build --file services/runtime/Dockerfile --platform linux/arm64 \\',
        `    --tag ${repository}:${manifest.version} --push .`,
      ];
  return [
    ...image,
    '',
    'Configure the portal:',
    '  genaiEnvironments:',
    '    aws:',
    '      targets:',
    `        - accountId: '${found.accountId}'`,
    `          region: ${asked.region}`,
    PortalRoleArn
      ? `It takes on ${PortalRoleArn}, with the external id ${found.parameters.PortalExternalId}.`
      : 'No role for the portal was made. Name the role that the portal runs with by --portal-principal-arn.',
  ].join('\n');
}
