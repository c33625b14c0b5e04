import { bedrockConfigSchema, endpointOf } from './bedrockConfig';

const issuesOf = (value: unknown) =>
  bedrockConfigSchema
    .safeParse(value)
    .error?.issues.map(issue => issue.path.join('.'));

const text = { id: 'a', kind: 'text', modelId: 'amazon.nova-lite-v1:0' };

describe('configuration of Bedrock', () => {
  it('knows the address of every partition, unless it is told another', () => {
    const address = (region: string, endpoint?: string) =>
      endpointOf(
        bedrockConfigSchema.parse({ region, endpoint, models: [text] }),
      );
    expect(address('eu-central-1')).toBe(
      'https://bedrock-runtime.eu-central-1.amazonaws.com',
    );
    expect(address('us-gov-west-1')).toBe(
      'https://bedrock-runtime.us-gov-west-1.amazonaws.com',
    );
    expect(address('cn-north-1')).toBe(
      'https://bedrock-runtime.cn-north-1.amazonaws.com.cn',
    );
    expect(address('eu-central-1', 'https://vpce-1.example.com')).toBe(
      'https://vpce-1.example.com',
    );
  });

  it('wants to know the model behind a profile for embeddings', () => {
    const embedding = {
      id: 'e',
      kind: 'embedding',
      modelId:
        'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a',
    };
    const region = 'eu-central-1';
    expect(issuesOf({ region, models: [embedding] })).toEqual([
      'models.0.foundationModel',
    ]);
    const told = { ...embedding, foundationModel: 'cohere.embed-v4:0' };
    expect(issuesOf({ region, models: [text, told] })).toBeUndefined();
  });

  it('refuses what is none', () => {
    expect(issuesOf({ region: 'Frankfurt', models: [text] })).toEqual([
      'region',
    ]);
    expect(issuesOf({ region: 'eu-central-1', models: [] })).toEqual([
      'models',
    ]);
    expect(
      issuesOf({
        region: 'eu-central-1',
        endpoint: 'file:///etc/passwd',
        models: [{ ...text, modelId: 'a b', extra: 1 }],
      }),
    ).toEqual(['endpoint', 'models.0.modelId', 'models.0']);
  });
});
