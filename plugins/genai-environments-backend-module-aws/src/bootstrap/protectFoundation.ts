import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { callAws } from './callAws';
import type { BootstrapContext, FoundationStack } from './survey';

/**
 * Keeps the stack that all environments depend on from being deleted by mistake. Only once it
 * stands: what is left of a failed creation has to be deleted.
 *
 * @throws BootstrapError
 */
export async function protectFoundation(
  { clients, print }: BootstrapContext,
  { id, isProtected }: FoundationStack,
): Promise<void> {
  if (isProtected) return;
  await callAws('cloudformation:UpdateTerminationProtection', () =>
    clients.cloudFormation.send(
      new UpdateTerminationProtectionCommand({
        StackName: id,
        EnableTerminationProtection: true,
      }),
    ),
  );
  print('The stack is protected from being deleted.');
}
