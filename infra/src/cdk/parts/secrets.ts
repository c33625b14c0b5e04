import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { BlueprintStack } from '../BlueprintStack';
import { acknowledge } from './iam';

const CONTROL_KEY_LENGTH = 64;

/** Secrets of an environment; none of their values is in a template. */
export function createSecrets(
  stack: BlueprintStack,
  options: { environmentName: string; environmentUid: string; keyArn: string },
): { appSecretArn: string; controlSecretArn: string } {
  const { environmentName, environmentUid, keyArn } = options;
  const prefix = `genai/${environmentName}/${environmentUid}`;
  const app = new CfnSecret(stack, 'AppSecret', {
    name: `${prefix}/project-app`,
    description: "Client id and secret of the project's own app",
    kmsKeyId: keyArn,
  });
  const control = new CfnSecret(stack, 'ControlSecret', {
    name: `${prefix}/control`,
    description: 'Key by which the portal administers the environment',
    kmsKeyId: keyArn,
    generateSecretString: {
      secretStringTemplate: '{}',
      generateStringKey: 'controlKey',
      passwordLength: CONTROL_KEY_LENGTH,
      excludePunctuation: true,
    },
  });
  acknowledge(app, {
    'AwsSolutions-SMG4':
      'Not rotated: the portal makes client and secret once, and both stay until the environment is torn down. Whoever fears for it disables the application; operators replace it by hand.',
  });
  acknowledge(control, {
    'AwsSolutions-SMG4':
      'The portal and the tasks have to change over together; a new value is set by restarting the services after it.',
  });
  return { appSecretArn: app.ref, controlSecretArn: control.ref };
}
