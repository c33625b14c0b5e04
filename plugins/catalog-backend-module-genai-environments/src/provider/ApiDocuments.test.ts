import { mockServices } from '@backstage/backend-test-utils';
import {
  inPhase,
  OPEN_API,
  readyEnvironment,
} from '../__testUtils__/environments';
import { ApiDocuments } from './ApiDocuments';

const DEFINITION = JSON.stringify(OPEN_API, null, 2);

function setup(getOpenApi: jest.Mock = jest.fn(async () => OPEN_API)) {
  const documents = ApiDocuments.create({
    reader: { getOpenApi },
    logger: mockServices.logger.mock(),
    firstRetryMs: 1,
  });
  const loaded: string[] = [];
  const nextLoad = () =>
    new Promise<string>(resolve => {
      documents.subscribe(name => {
        loaded.push(name);
        resolve(name);
      });
    });
  return { documents, getOpenApi, loaded, nextLoad };
}

describe('ApiDocuments', () => {
  const environment = readyEnvironment('orders');

  it('answers at once and tells when the document is there', async () => {
    const { documents, nextLoad, getOpenApi } = setup();
    const load = nextLoad();

    expect(documents.current(environment)).toBeUndefined();
    expect(documents.current(environment)).toBeUndefined();
    await expect(load).resolves.toBe('orders');

    expect(documents.current(environment)).toBe(DEFINITION);
    expect(getOpenApi).toHaveBeenCalledTimes(1);
    documents.close();
  });

  it('tries again until the environment answers with an OpenAPI document', async () => {
    const { documents, nextLoad, getOpenApi } = setup(
      jest
        .fn()
        .mockRejectedValueOnce(new Error('connection refused'))
        .mockResolvedValueOnce({ html: 'a proxy page' })
        .mockResolvedValue(OPEN_API),
    );
    const load = nextLoad();

    documents.current(environment);
    await load;

    expect(documents.current(environment)).toBe(DEFINITION);
    expect(getOpenApi).toHaveBeenCalledTimes(3);
    documents.close();
  });

  it.each([
    [
      'the generation',
      {
        ...environment,
        status: { ...environment.status, observedGeneration: 2 },
      },
    ],
    [
      'the running services',
      {
        ...environment,
        status: {
          ...environment.status,
          services: [
            {
              name: 'model-invocation',
              health: 'healthy' as const,
              startedAt: '2026-03-02T08:00:00.000Z',
            },
          ],
        },
      },
    ],
  ])(
    'keeps the old document until the new one of %s is there',
    async (_, changed) => {
      const newer = { ...OPEN_API, info: { title: 'orders', version: '2' } };
      const { documents, nextLoad } = setup(
        jest.fn().mockResolvedValueOnce(OPEN_API).mockResolvedValueOnce(newer),
      );
      const first = nextLoad();
      documents.current(environment);
      await first;

      const second = nextLoad();
      expect(documents.current(changed)).toBe(DEFINITION);
      await second;

      expect(documents.current(changed)).toBe(JSON.stringify(newer, null, 2));
      documents.close();
    },
  );

  it('asks no environment that cannot answer, and keeps what it said before', async () => {
    const { documents, getOpenApi } = setup();
    documents.seed('orders', environment.uid, '{"openapi":"3.1.0"}');

    expect(documents.current(inPhase(environment, 'Hibernated'))).toBe(
      '{"openapi":"3.1.0"}',
    );
    expect(
      documents.current(inPhase(readyEnvironment('other'), 'Provisioning')),
    ).toBeUndefined();
    expect(getOpenApi).not.toHaveBeenCalled();
    documents.close();
  });

  it('never gives the document of an earlier environment to a later one of its name', () => {
    const { documents } = setup();
    documents.seed('orders', 'uid-of-an-earlier-one', '{"openapi":"3.1.0"}');

    expect(documents.current(environment)).toBeUndefined();
    documents.close();
  });
});
