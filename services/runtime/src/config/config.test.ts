import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfigError,
  HOSTED_SERVICES,
  HOSTED_WORKERS,
  noProxyWithLoopback,
  readConfig,
} from '.';

const ENVIRONMENT = {
  GENAI_ENVIRONMENT_NAME: 'demo',
  GENAI_ENVIRONMENT_UID: 'uid-1',
  GENAI_DATA_DIRECTORY: '/data',
  GENAI_PORT: '4000',
  GENAI_MODELS: '["local.extractive"]',
  GENAI_CONTROL_KEY: 'k'.repeat(32),
};

describe('readConfig', () => {
  it('fills in what may be left out', () => {
    expect(readConfig([], ENVIRONMENT)).toEqual({
      environment: { name: 'demo', uid: 'uid-1' },
      services: [...HOSTED_SERVICES],
      workers: [...HOSTED_WORKERS],
      dataDirectory: '/data',
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://127.0.0.1:4000',
      models: ['local.extractive'],
      upstreams: [],
      aliases: {},
      prices: {},
      useEnvironmentProxy: false,
      appDirectory: undefined,
      controlKey: 'k'.repeat(32),
      configHash: '',
      logLevel: 'info',
    });
  });

  it.each([
    [['--services', 'all'], [...HOSTED_SERVICES]],
    [['--services', 'prompt-management'], ['prompt-management']],
    [
      ['--services', 'prompt-management, model-invocation'],
      ['model-invocation', 'prompt-management'],
    ],
    [['--services', ''], []],
  ])('%j runs %j', (argv, services) => {
    expect(readConfig(argv, ENVIRONMENT).services).toEqual(services);
  });

  it.each([
    [['--services'], 'The only options are --services'],
    [['--port', '1'], 'The only options are --services'],
    [['--services', 'all', 'x'], 'The only options are --services'],
    [['--services', 'telepathy'], 'names "telepathy"'],
    [['--workers', 'telepathy'], '--workers names "telepathy"'],
    [['--workers'], 'The only options are --services'],
  ])('%j is refused', (argv, message) => {
    expect(() => readConfig(argv, ENVIRONMENT)).toThrow(message);
  });

  it.each([
    ['GENAI_PORT', '0'],
    ['GENAI_PORT', '65536'],
    ['GENAI_PORT', '40x'],
    ['GENAI_DATA_DIRECTORY', 'relative'],
    ['GENAI_PUBLIC_URL', 'ftp://x'],
    ['GENAI_PUBLIC_URL', 'https://x/path'],
    ['GENAI_PUBLIC_URL', 'https://user:password@x'],
    ['GENAI_MODELS', '[]'],
    ['GENAI_MODELS', 'local.extractive'],
    ['GENAI_UPSTREAMS', '[{"id":"a","baseUrl":"nope","models":[]}]'],
    ['GENAI_CONTROL_KEY', 'short'],
    ['GENAI_PLATFORM', 'azure'],
    ['GENAI_MODEL_ALIASES', '{"fast":[]}'],
    ['GENAI_MODEL_ALIASES', '{"local.extractive":["local.extractive"]}'],
    ['GENAI_MODEL_ALIASES', '{"fast":["unknown"]}'],
    ['GENAI_PRICES', '{"m":{"input":-1}}'],
    ['GENAI_PRICES', '{"m":{"inputs":1}}'],
    ['GENAI_PRICES', '/does/not/exist.json'],
    ['GENAI_LOG_LEVEL', 'loud'],
    ['GENAI_ENVIRONMENT_UID', 'a b'],
  ])('%s=%s is refused with a sentence about the variable', (name, value) => {
    const read = () => readConfig([], { ...ENVIRONMENT, [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name}.* is wrong: .+`));
  });

  it('refuses aliases that mix kinds', () => {
    const read = () =>
      readConfig([], {
        ...ENVIRONMENT,
        GENAI_MODELS: '["local.extractive","local.embedding"]',
        GENAI_MODEL_ALIASES: '{"mix":["local.extractive","local.embedding"]}',
      });
    expect(read).toThrow(
      'GENAI_MODEL_ALIASES at mix is wrong: it mixes text models with embedding models.',
    );
  });

  it('reads prices of a file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'genai-prices-'));
    const file = join(directory, 'prices.json');
    writeFileSync(file, '{"m":{"input":1.5,"output":6}}');
    const { prices } = readConfig([], { ...ENVIRONMENT, GENAI_PRICES: file });
    expect(prices).toEqual({ m: { input: 1.5, output: 6 } });
    rmSync(directory, { recursive: true });
  });

  it('takes the origin of the public address', () => {
    const { publicUrl } = readConfig([], {
      ...ENVIRONMENT,
      GENAI_PUBLIC_URL: 'https://genai.example/',
    });
    expect(publicUrl).toBe('https://genai.example');
  });

  it('sees a proxy, and leaves this machine out of it', () => {
    const env = { ...ENVIRONMENT, HTTPS_PROXY: 'http://proxy:3128' };
    expect(readConfig([], env).useEnvironmentProxy).toBe(true);
    expect(noProxyWithLoopback({ NO_PROXY: 'corp.example localhost' })).toBe(
      'corp.example,localhost,127.0.0.1,::1',
    );
  });

  describe('on AWS', () => {
    const queue = (name: string) =>
      `https://sqs.eu-central-1.amazonaws.com/1/${name}`;
    const { GENAI_DATA_DIRECTORY: _, ...COMMON } = ENVIRONMENT;
    const BASE = {
      ...COMMON,
      GENAI_PLATFORM: 'aws',
      AWS_REGION: 'eu-central-1',
      GENAI_TABLE: 'demo',
      GENAI_BUCKET: 'demo-objects',
      GENAI_COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEfGhI',
      GENAI_COGNITO_TOKEN_URL: 'https://demo.example/oauth2/token',
      GENAI_PUBLIC_URL: 'https://api.demo.example',
    };

    it('needs no more than what the process does', () => {
      const { aws, dataDirectory } = readConfig(
        ['--services', 'model-invocation,prompt-management'],
        BASE,
      );
      expect(aws).toEqual({
        region: 'eu-central-1',
        table: 'demo',
        bucket: 'demo-objects',
        cognito: {
          userPoolId: 'eu-central-1_AbCdEfGhI',
          tokenUrl: 'https://demo.example/oauth2/token',
          jwksUrl: undefined,
        },
        queues: {},
        vectorBucket: undefined,
        openSearchEndpoint: undefined,
        usesTextract: true,
      });
      expect(dataDirectory).toBe(join(tmpdir(), 'genai-environment'));
    });

    it('names everything that is missing, and what to set it to', () => {
      const read = () => readConfig([], { ...COMMON, GENAI_PLATFORM: 'aws' });
      const lines = [
        'AWS_REGION is missing; set it to the region of the environment',
        "GENAI_TABLE is missing; set it to the name of the environment's DynamoDB table.",
        "GENAI_BUCKET is missing; set it to the name of the environment's S3 bucket.",
        'GENAI_COGNITO_USER_POOL_ID is missing; set it to the id of the user pool',
        'GENAI_COGNITO_TOKEN_URL is missing; set it to the address where applications get tokens',
        'GENAI_QUEUE_EXTRACTION is missing; set it to the URL of the SQS queue of extraction.',
        'GENAI_DEAD_LETTER_QUEUE_INGEST is missing; set it to the URL of its dead-letter queue.',
        'GENAI_QUEUE_VECTORIZATION is missing',
        'GENAI_VECTOR_BUCKET is missing',
        'GENAI_PUBLIC_URL is missing; set it to the address that callers use.',
      ];
      for (const line of lines) expect(read).toThrow(line);
    });

    it('asks workers for the queues, and not for the address of tokens', () => {
      const {
        GENAI_COGNITO_TOKEN_URL: __,
        GENAI_PUBLIC_URL: ___,
        ...withoutTokens
      } = BASE;
      const read = (env: object) =>
        readConfig(['--services', '', '--workers', 'extraction'], {
          ...withoutTokens,
          ...env,
        });
      expect(read).toThrow(/^GENAI_QUEUE_EXTRACTION is missing/);
      expect(read).not.toThrow('GENAI_QUEUE_VECTORIZATION');
      const { aws } = read(
        Object.fromEntries(
          ['EXTRACTION', 'CHUNKING', 'INGEST'].flatMap(name => [
            [`GENAI_QUEUE_${name}`, queue(name)],
            [`GENAI_DEAD_LETTER_QUEUE_${name}`, queue(`${name}-dead`)],
          ]),
        ),
      );
      expect(aws?.queues.chunking).toEqual({
        url: queue('CHUNKING'),
        deadLetterUrl: queue('CHUNKING-dead'),
      });
    });

    it('takes a public address with the path of a stage', () => {
      const { publicUrl } = readConfig(['--services', 'prompt-management'], {
        ...BASE,
        GENAI_PUBLIC_URL: 'https://id.execute-api.example/env/',
      });
      expect(publicUrl).toBe('https://id.execute-api.example/env');
    });

    it.each([
      ['AWS_REGION', 'here'],
      ['GENAI_TABLE', 'a table'],
      ['GENAI_BUCKET', 'Bucket'],
      ['GENAI_COGNITO_USER_POOL_ID', 'pool'],
      ['GENAI_COGNITO_TOKEN_URL', 'nowhere'],
      ['GENAI_QUEUE_INGEST', 'queue'],
      ['GENAI_TEXTRACT', 'maybe'],
      ['GENAI_APP_DIRECTORY', '/app'],
    ])('%s=%s is refused with a sentence about the variable', (name, value) => {
      const read = () =>
        readConfig(['--services', 'prompt-management'], {
          ...BASE,
          [name]: value,
        });
      expect(read).toThrow(new RegExp(`^${name}.* is wrong: .+`));
    });
  });
});
