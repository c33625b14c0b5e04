import { readTelemetryConfig, startTelemetry, withModelCall } from '.';
import { CALL } from './testing/useTelemetry';

describe('telemetry that is off', () => {
  it('loads nothing and leaves the call alone', async () => {
    jest.doMock('./otlp/OtlpTelemetry', () => {
      throw new Error('must not be loaded');
    });
    const identity = {
      serviceName: 'a',
      serviceVersion: '1',
      environmentName: 'b',
    };
    for (const env of [{}, { GENAI_TELEMETRY: 'off' }]) {
      expect(await startTelemetry({ env, identity })).toBeUndefined();
    }
    const outcomeOf = jest.fn();
    await expect(
      withModelCall(undefined, CALL, { work: async () => 1, outcomeOf }),
    ).resolves.toBe(1);
    expect(outcomeOf).not.toHaveBeenCalled();
  });

  it.each([
    [{ GENAI_TELEMETRY: 'jaeger' }, 'GENAI_TELEMETRY'],
    [{ GENAI_TELEMETRY_CONTENT: 'maybe' }, 'GENAI_TELEMETRY_CONTENT'],
    [{ OTEL_METRIC_EXPORT_INTERVAL: '10 s' }, 'OTEL_METRIC_EXPORT_INTERVAL'],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG'],
  ])('refuses %j by name', (env, name) => {
    expect(() => readTelemetryConfig(env)).toThrow(name);
  });
});
