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
    ['GENAI_LOG_LEVEL', 'loud'],
    ['GENAI_ENVIRONMENT_UID', 'a b'],
  ])('%s=%s is refused with a sentence about the variable', (name, value) => {
    const read = () => readConfig([], { ...ENVIRONMENT, [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name}.* is wrong: .+`));
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
});
