import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  genaiProvisionersExtensionPoint,
  Provisioner,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { mkdtempSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import genaiEnvironmentsModuleLocal from './index';
import { LocalProvisioner } from './LocalProvisioner';
import { BundledApp } from './repository/BundledApp';
import { RuntimeBundle } from './runtime/RuntimeBundle';
import { runtimeVariables } from './runtime/runtimeVariables';

const request = {
  name: 'weather',
  owner: 'group:default/a',
  provisioner: 'local',
  tier: 'sandbox' as const,
  region: 'local',
  models: ['big'],
  services: ['model-invocation' as const, 'app' as const],
};

describe('the module', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'genai-module-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('adds the provisioner "local"', async () => {
    const added: Provisioner[] = [];
    await startTestBackend({
      extensionPoints: [
        [
          genaiProvisionersExtensionPoint,
          { addProvisioner: provisioner => void added.push(provisioner) },
        ],
      ],
      features: [
        genaiEnvironmentsModuleLocal,
        createBackendPlugin({
          pluginId: 'genai-environments',
          register(env) {
            env.registerInit({ deps: {}, async init() {} });
          },
        }),
        mockServices.rootConfig.factory({
          data: {
            genaiEnvironments: { local: { dataDirectory: directory } },
          },
        }),
      ],
    });
    expect(added.map(({ id }) => id)).toEqual(['local']);
    await added[0].shutdown?.();
  });

  function newProvisioner(options: {
    dataDirectory?: string;
    built?: boolean;
  }) {
    const { dataDirectory = directory, built = true } = options;
    return new LocalProvisioner({
      logger: mockServices.logger.mock(),
      config: {
        dataDirectory,
        secretRotationGraceMs: 0,
        modelAliases: {},
        prices: {},
        upstreams: [
          {
            id: 'ollama',
            baseUrl: 'http://127.0.0.1:11434/v1',
            models: [{ id: 'big', kind: 'text', name: 'Big one' }],
          },
        ],
      },
      overrides: {
        bundledApp: new BundledApp(() => (built ? directory : undefined)),
        bundle: new RuntimeBundle(() => {
          if (built) return __filename;
          throw new Error('The runtime is not built. Run the build.');
        }),
      },
    });
  }

  it('lists built-in models and those of upstreams', async () => {
    const provisioner = newProvisioner({});
    await expect(provisioner.listModels()).resolves.toEqual([
      expect.objectContaining({ id: 'local.extractive', kind: 'text' }),
      expect.objectContaining({ id: 'local.embedding', kind: 'embedding' }),
      { id: 'big', name: 'Big one', kind: 'text', provider: 'ollama' },
    ]);
    await provisioner.shutdown();
  });

  it('plans what would be made, for nothing', async () => {
    const provisioner = newProvisioner({});
    const plan = await provisioner.plan(request);
    expect(plan.problems).toEqual([]);
    expect(plan.resources.map(({ type }) => type)).toEqual([
      'Directory',
      'Process',
      'Port',
      'Service',
      'Service',
    ]);
    expect(plan.monthlyCost).toMatchObject({ amount: 0, currency: 'USD' });
    expect(plan.monthlyCost.note).toMatch(/not included/);
    expect(readdirSync(directory)).toEqual([]);
    await provisioner.shutdown();
  });

  it('says what is in the way', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '', { mode: 0o400 });
    const provisioner = newProvisioner({ dataDirectory: file, built: false });
    const { problems } = await provisioner.plan(request);
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['', 'unavailable'],
      ['', 'unavailable'],
      ['services', 'unavailable'],
    ]);
    expect(problems[0].message).toContain(
      'genaiEnvironments.local.dataDirectory',
    );
    expect(problems[1].message).toContain('Run the build');
    await provisioner.shutdown();
  });
});

describe('runtimeVariables', () => {
  it('passes on what is listed and leaves out what is not set', () => {
    expect(
      runtimeVariables(
        { GENAI_PORT: '1', GENAI_APP_DIRECTORY: undefined },
        {
          PATH: '/bin',
          TZ: 'UTC',
          HOME: undefined,
          AUTH_SECRET: 'x',
          GENAI_PORT: '2',
        },
      ),
    ).toEqual({ PATH: '/bin', TZ: 'UTC', GENAI_PORT: '1' });
  });

  it('passes on where telemetry goes, not as whom, and only when it is on', () => {
    const collector = {
      GENAI_TELEMETRY_CONTENT: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
    };
    const inherited = { ...collector, OTEL_SERVICE_NAME: 'portal' };
    expect(runtimeVariables({}, inherited)).toEqual({});
    for (const GENAI_TELEMETRY of ['', 'off']) {
      expect(runtimeVariables({}, { ...inherited, GENAI_TELEMETRY })).toEqual(
        {},
      );
    }
    expect(
      runtimeVariables({}, { ...inherited, GENAI_TELEMETRY: 'otlp' }),
    ).toEqual({ ...collector, GENAI_TELEMETRY: 'otlp' });
  });
});
