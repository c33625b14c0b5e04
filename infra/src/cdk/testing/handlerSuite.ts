import { HANDLER_EXCEPTIONS } from './handlerExceptions';
import handlers from './handlerPermissions.json';
import type { Synthesized } from './synthesize';

const LISTED: Record<string, Record<string, string[]>> = handlers.types;

/** That CloudFormation gets from its role what AWS's handlers of resource types ask for. */
export function describeHandlers({ manifest, templates }: Synthesized): void {
  describe('the service role', () => {
    const { Resources } = templates.get(manifest.foundation.template)!;
    // IAM does not tell cases apart, and schemas have a few typing errors.
    const allowed = new Set(
      Object.entries(Resources)
        .filter(([id]) => /^Service\w+Policy$/.test(id))
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
        .filter(({ Effect }: { Effect: string }) => Effect === 'Allow')
        .flatMap(({ Action }: { Action: string[] }) => Action)
        .map(action => action.toLowerCase()),
    );
    const types = new Set(
      manifest.environments.flatMap(({ core, services }) =>
        [core, services].flatMap(stack => Object.keys(stack.resourcesByType)),
      ),
    );

    it('is compared with the types that environments have (npm run handlers -w infra)', () => {
      expect(Object.keys(LISTED)).toEqual([...types].sort());
    });

    it.each(Object.keys(LISTED))('may do what the handlers of %s ask', type => {
      const excepted = HANDLER_EXCEPTIONS[type] ?? [];
      const missing = missingFor(type).filter(
        action => !excepted.some(({ actions }) => actions.test(action)),
      );
      expect(missing).toEqual([]);
    });

    it('is spared no more than it must be', () => {
      const idle = Object.entries(HANDLER_EXCEPTIONS).flatMap(
        ([type, exceptions]) =>
          exceptions
            .filter(
              ({ actions }) =>
                !missingFor(type).some(action => actions.test(action)),
            )
            .map(({ reason }) => `${type}: ${reason}`),
      );
      expect(idle).toEqual([]);
    });

    it.each([
      ['Alarms', ['alarm:genai-*', 'alarm:TargetTracking-service/genai-*']],
      ['Dashboards', ['dashboard/genai-*']],
    ])('tags what it may make: %s', (sid, names) => {
      const { Statement } =
        Resources.ServiceComputePolicy.Properties.PolicyDocument;
      const { Action, Resource } = Statement.find(
        ({ Sid }: { Sid: string }) => Sid === sid,
      );
      expect(Action).toEqual(
        expect.arrayContaining(
          ['ListTagsForResource', 'TagResource', 'UntagResource'].map(
            each => `cloudwatch:${each}`,
          ),
        ),
      );
      const last = Resource.map(
        (each: unknown) =>
          /((?:alarm|dashboard)[:/][^"]+)"/.exec(JSON.stringify(each))?.[1],
      );
      expect(last).toEqual(names);
    });

    function missingFor(type: string): string[] {
      const listed = Object.values(LISTED[type] ?? {}).flat();
      return [...new Set(listed)].filter(
        action => !allowed.has(action.toLowerCase()),
      );
    }
  });
}
