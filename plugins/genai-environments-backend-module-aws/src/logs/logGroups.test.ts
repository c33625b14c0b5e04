import { loadBlueprints } from '@genai-environments/aws-blueprints';
import { ensureBlueprintsBuilt } from '../testing/world/ensureBlueprintsBuilt';
import { logGroupsOf } from './logGroups';

describe('the log groups of an environment', () => {
  beforeAll(ensureBlueprintsBuilt);

  const blueprintOf = (tier: 'sandbox' | 'standard') =>
    loadBlueprints().find({ tier, vectorStore: 's3-vectors' });

  it('are one for each task, workers included', () => {
    const groups = logGroupsOf(blueprintOf('standard'), 'shop');
    expect(groups).toHaveLength(8);
    expect(groups).toContainEqual({
      ...{ name: '/genai/shop/worker-documents' },
      service: 'document-processing',
    });
    expect(
      logGroupsOf(blueprintOf('standard'), 'shop', 'vectorization'),
    ).toEqual([
      { name: '/genai/shop/vectorization', service: 'vectorization' },
      { name: '/genai/shop/worker-vectorization', service: 'vectorization' },
    ]);
  });

  it('are shared by the services of a sandbox, whose lines say whose they are', () => {
    const sandbox = blueprintOf('sandbox');
    expect(logGroupsOf(sandbox, 'shop')).toEqual([
      { name: '/genai/shop/runtime', pattern: undefined },
      { name: '/genai/shop/app', service: 'app' },
    ]);
    expect(logGroupsOf(sandbox, 'shop', 'administration')).toEqual([
      {
        name: '/genai/shop/runtime',
        pattern: '{ $.service = "administration" }',
      },
    ]);
    expect(logGroupsOf(sandbox, 'shop', 'app')).toEqual([
      { name: '/genai/shop/app', service: 'app' },
    ]);
  });

  it('exist in the base', () => {
    for (const tier of ['sandbox', 'standard'] as const) {
      const blueprint = blueprintOf(tier);
      const { core } = loadBlueprints().find({
        ...{ tier, vectorStore: 's3-vectors' },
      });
      const { Resources } = JSON.parse(loadBlueprints().readTemplate(core));
      const names = Object.values<any>(Resources)
        .filter(({ Type }) => Type === 'AWS::Logs::LogGroup')
        .map(({ Properties }) =>
          Properties.LogGroupName['Fn::Join'][1]
            .map((part: any) => (part.Ref ? 'shop' : part))
            .join(''),
        );
      expect(names).toEqual(
        expect.arrayContaining(
          logGroupsOf(blueprint, 'shop').map(({ name }) => name),
        ),
      );
    }
  });
});
