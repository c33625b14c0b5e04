import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';

/** Why an environment is stuck and what to do about it, as sentences. */
export function explainTrouble(environment: Environment): string {
  const troubles = environment.status.conditions.filter(
    condition => condition.status === 'False',
  );
  if (troubles.length === 0) {
    return 'It did not say why. Look at its Activity tab, or ask the platform team.';
  }
  const sentences = troubles.flatMap(({ message, nextAction }) =>
    nextAction ? [message, nextAction] : [message],
  );
  return [...new Set(sentences)].join(' ');
}
