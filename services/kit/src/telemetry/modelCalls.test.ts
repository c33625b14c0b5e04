import { DependencyError } from '../errors';
import { type Telemetry, withModelCall } from '.';
import { CALL, COMMON, OUTCOME, useTelemetry } from './testing/useTelemetry';

describe('telemetry of calls of models', () => {
  const harness = useTelemetry();

  it('describes a call of a model as a span and as metrics', async () => {
    await withModelCall(harness.telemetry, CALL, {
      work: async () => 'result',
      outcomeOf: () => OUTCOME,
    });
    await harness.telemetry.close();

    expect(harness.receiver.resource).toMatchObject({
      'service.name': 'genai-environment',
      'service.version': '1.2.3',
      'deployment.environment.name': 'demo',
      team: 'blue',
    });
    expect(harness.receiver.span('chat m1')).toMatchObject({
      kind: 3,
      attributes: {
        ...COMMON,
        'genai.application.id': 'app-1',
        'gen_ai.request.temperature': 0,
        'gen_ai.request.max_tokens': 50,
        'gen_ai.response.model': 'm1-2026',
        'gen_ai.usage.input_tokens': 7,
        'gen_ai.usage.output_tokens': 3,
        'gen_ai.response.finish_reasons': { values: [{ stringValue: 'stop' }] },
      },
    });
    const tokens = harness.receiver.points.filter(
      ({ metric }) => metric === 'gen_ai.client.token.usage',
    );
    expect(
      tokens.map(({ sum, unit, attributes }) => [
        attributes['gen_ai.token.type'],
        sum,
        unit,
      ]),
    ).toEqual([
      ['input', 7, '{token}'],
      ['output', 3, '{token}'],
    ]);
    expect(harness.receiver.points).toContainEqual({
      metric: 'gen_ai.client.operation.duration',
      unit: 's',
      count: 1,
      sum: expect.any(Number),
      attributes: { ...COMMON, 'gen_ai.response.model': 'm1-2026' },
    });
  });

  it('sends no contents unless it is told to', async () => {
    const call = (used: Telemetry) =>
      withModelCall(used, CALL, {
        work: async () => 'result',
        outcomeOf: () => OUTCOME,
      });
    await call(harness.telemetry);
    await harness.telemetry.close();
    expect(harness.receiver.text).not.toMatch(/secret of Ada|It is 42/);

    const telling = await harness.start({ GENAI_TELEMETRY_CONTENT: 'true' });
    await call(telling);
    await telling.close();
    expect(harness.receiver.spans.at(-1)!.attributes).toMatchObject({
      'gen_ai.input.messages': expect.stringContaining('secret of Ada'),
      'gen_ai.output.messages': '"It is 42."',
    });
  });

  it('tells failures by their code, and hanging up apart from them', async () => {
    const failing = (error: Error) =>
      withModelCall(harness.telemetry, CALL, {
        work: () => Promise.reject(error),
        outcomeOf: () => OUTCOME,
        isCancelled: each => (each as Error).message === 'hung up',
      });
    const refused = new DependencyError('The model refused "secret of Ada".', {
      kind: 'failed',
      retryable: false,
      code: 'model_refused',
    });
    await expect(failing(refused)).rejects.toBe(refused);
    await expect(failing(new Error('hung up'))).rejects.toThrow('hung up');
    await harness.telemetry.close();
    expect(
      harness.receiver.spans.map(({ attributes, status }) => [
        attributes['error.type'],
        status.code,
      ]),
    ).toEqual([
      ['model_refused', 2],
      ['cancelled', 0],
    ]);
    expect(harness.receiver.text).not.toContain('secret of Ada');
    expect(
      harness.receiver.points.filter(
        ({ metric }) => metric === 'gen_ai.client.token.usage',
      ),
    ).toEqual([]);
  });

  it('measures the first part of a stream once', async () => {
    const span = harness.telemetry.startModelCall({ ...CALL, stream: true });
    span.firstChunk();
    span.firstChunk();
    span.end({ inputTokens: 1, outputTokens: 1 });
    await harness.telemetry.close();
    expect(
      harness.receiver.points.find(
        ({ metric }) =>
          metric === 'gen_ai.client.operation.time_to_first_chunk',
      ),
    ).toMatchObject({ count: 1, unit: 's', attributes: COMMON });
    expect(harness.receiver.span('chat m1')!.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
    });
  });

  it('samples as told', async () => {
    const none = await harness.start({ OTEL_TRACES_SAMPLER_ARG: '0' });
    await withModelCall(none, CALL, {
      work: async () => 1,
      outcomeOf: () => OUTCOME,
    });
    await none.close();
    expect(harness.receiver.spans).toEqual([]);
    expect(harness.receiver.points).not.toEqual([]);
  });

  it('costs no call its answer when nobody receives', async () => {
    harness.receiver.close();
    await expect(
      withModelCall(harness.telemetry, CALL, {
        work: async () => 'result',
        outcomeOf: () => OUTCOME,
      }),
    ).resolves.toBe('result');
    await harness.telemetry.close();
    await harness.telemetry.close();
  });
});
