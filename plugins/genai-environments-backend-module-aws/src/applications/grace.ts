import type {
  DesiredEnvironment,
  ObservedCondition,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type { ClientRecord } from './clientName';

const TYPE = 'SecretGrace';
const REASON = /^EndsAt(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * Says of which applications two secrets work, and when the first of the older ones ends. The
 * reason has the time, so that a look from afar sees when there is something to do.
 */
export function graceConditions(records: ClientRecord[]): ObservedCondition[] {
  const open = records
    .filter(({ graceEndsAt }) => graceEndsAt !== undefined)
    .sort((a, b) => a.graceEndsAt! - b.graceEndsAt!);
  if (open.length === 0) return [];
  const endsAt = new Date(Math.ceil(open[0].graceEndsAt! / 1000) * 1000);
  const time = endsAt.toISOString().replace('.000', '');
  const names = open.slice(0, 10).map(({ name }) => name);
  return [
    {
      type: TYPE,
      status: 'True',
      reason: `EndsAt${time.replace(/[-:]/g, '')}`,
      message: `Secrets from before the last rotation still work, of: ${names.join(
        ', ',
      )}. The first one ends at ${time}.`,
    },
  ];
}

/** What the last outcome said of it. */
export function knownGrace({
  status,
}: Pick<DesiredEnvironment, 'status'>): ObservedCondition[] {
  return status.conditions
    .filter(({ type }) => type === TYPE)
    .map(({ lastTransitionAt: _, ...condition }) => condition);
}

/** A secret was to end by now, as far as the last outcome knew. */
export function isGraceOver(
  desired: Pick<DesiredEnvironment, 'status'>,
  now: number,
): boolean {
  return knownGrace(desired).some(({ reason }) => {
    const iso = reason.replace(REASON, '$1-$2-$3T$4:$5:$6Z');
    return Date.parse(iso) <= now;
  });
}
