import { buildSync } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelCall, Telemetry } from '..';
import { OtlpReceiver } from './OtlpReceiver';

export const CALL: ModelCall = {
  operation: 'chat',
  provider: 'aws.bedrock',
  model: 'm1',
  clientId: 'app-1',
  temperature: 0,
  maxTokens: 50,
  input: () => [{ role: 'user', content: 'What is the secret of Ada?' }],
};
export const OUTCOME = {
  inputTokens: 7,
  outputTokens: 3,
  responseModel: 'm1-2026',
  finishReasons: ['stop'],
  output: () => 'It is 42.',
};
export const COMMON = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'aws.bedrock',
  'gen_ai.request.model': 'm1',
};

/** Telemetry that is on, and what it sent until now. */
export type TelemetryHarness = {
  telemetry: Telemetry;
  receiver: OtlpReceiver;
  /** Further telemetry that sends to the same receiver. */
  start(env?: Record<string, string>): Promise<Telemetry>;
};

/** Starts telemetry before each test of a block and closes it afterwards. */
export function useTelemetry(): TelemetryHarness {
  const harness = { start } as TelemetryHarness;
  const before = { ...process.env };
  let directory: string;
  let bundled: typeof import('..');

  async function start(env: Record<string, string> = {}): Promise<Telemetry> {
    const started = await bundled.startTelemetry({
      env: { GENAI_TELEMETRY: 'otlp', ...env },
      identity: {
        serviceName: 'genai-environment',
        serviceVersion: '1.2.3',
        environmentName: 'demo',
      },
    });
    return started!;
  }

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'telemetry-'));
    bundled = bundle(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  beforeEach(async () => {
    harness.receiver = new OtlpReceiver();
    // The exporters read the standard variables themselves.
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = await harness.receiver.listen();
    process.env.OTEL_RESOURCE_ATTRIBUTES = 'team=blue';
    harness.telemetry = await start();
  });
  afterEach(async () => {
    await harness.telemetry.close();
    harness.receiver.close();
    process.env = { ...before };
  });
  return harness;
}

/**
 * The same source as a bundle: the exporters load Node's HTTP client by `import()`, which
 * this test runner cannot do and the bundler turns into `require`.
 */
function bundle(directory: string): typeof import('..') {
  const outfile = join(directory, 'telemetry.cjs');
  buildSync({
    // eslint-disable-next-line no-restricted-syntax -- tests run from the sources
    entryPoints: [join(__dirname, '..', 'index.ts')],
    bundle: true,
    platform: 'node',
    supported: { 'dynamic-import': false },
    outfile,
  });
  return jest.requireActual(outfile);
}
