import { creationTime, STACK_OVERHEAD_SECONDS } from './creationTimes';
import { referencesIn } from './referencesIn';

/** As much of a template as matters here. */
export type TemplateResources = Record<
  string,
  { Type: string; Properties?: unknown; DependsOn?: string | string[] }
>;

export type Step = { logicalId: string; type: string; seconds: number };

type Timed = { start: number; configured: number; complete: number };

/**
 * How long a stack takes and why: the chain of resources of which each waits for the one
 * before, as seconds that each adds.
 *
 * @throws Error when resources wait for each other in a circle
 */
export function criticalPath(resources: TemplateResources): {
  seconds: number;
  steps: Step[];
} {
  const times = new Map<string, Timed>();
  const causes = new Map<string, string | undefined>();
  const open = new Set<string>();

  function visit(id: string): Timed {
    const known = times.get(id);
    if (known) return known;
    if (open.has(id)) throw new Error(`${id} waits for itself.`);
    open.add(id);
    const before = dependenciesOf(resources, id).map(each => ({
      id: each,
      at: visit(each).configured,
    }));
    const last = before.reduce<{ id?: string; at: number }>(
      (latest, each) => (each.at > latest.at ? each : latest),
      { at: 0 },
    );
    const { configured, complete } = creationTime(resources[id].Type);
    const timed = {
      start: last.at,
      configured: last.at + configured,
      complete: last.at + complete,
    };
    times.set(id, timed);
    causes.set(id, last.id);
    open.delete(id);
    return timed;
  }

  let end: string | undefined;
  for (const id of Object.keys(resources).sort()) {
    visit(id);
    if (!end || times.get(id)!.complete > times.get(end)!.complete) end = id;
  }
  if (!end) return { seconds: 0, steps: [] };
  return {
    seconds: times.get(end)!.complete + STACK_OVERHEAD_SECONDS,
    steps: trace(end),
  };

  function trace(last: string): Step[] {
    const steps: Step[] = [];
    for (let id: string | undefined = last; id; id = causes.get(id)) {
      const { start, configured, complete } = times.get(id)!;
      steps.unshift({
        logicalId: id,
        type: resources[id].Type,
        seconds: (id === last ? complete : configured) - start,
      });
    }
    return steps;
  }
}

/** What a resource refers to, by name or by attribute, and what it was told to wait for. */
function dependenciesOf(resources: TemplateResources, id: string): string[] {
  const { Properties, DependsOn = [] } = resources[id];
  const found = new Set([DependsOn, referencesIn(Properties)].flat());
  found.delete(id);
  return [...found].filter(each => each in resources).sort();
}
