import { mockServices } from '@backstage/backend-test-utils';
import { resolve } from 'node:path';
import { readLocalConfig } from './config';

const read = (local?: object) =>
  readLocalConfig(
    mockServices.rootConfig({
      data: local ? { genaiEnvironments: { local } } : {},
    }),
  );

const upstream = {
  id: 'ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  models: [{ id: 'llama3.2', kind: 'text' }],
};

describe('readLocalConfig', () => {
  it('needs no configuration', () => {
    expect(read()).toEqual({
      dataDirectory: resolve('.data/genai-environments'),
      upstreams: [],
      modelAliases: {},
      prices: {},
      secretRotationGraceMs: 24 * 3_600_000,
    });
  });

  it('reads everything', () => {
    expect(
      read({
        dataDirectory: '/srv/genai',
        secretKey: 'k'.repeat(32),
        upstreams: [{ ...upstream, apiKey: 'key' }],
        modelAliases: { chat: ['llama3.2', 'local.extractive'] },
        prices: { 'llama3.2': { input: 0.5, output: 1 } },
        secretRotationGracePeriod: { minutes: 5 },
        appDirectory: 'my-app',
      }),
    ).toEqual({
      dataDirectory: '/srv/genai',
      secretKey: 'k'.repeat(32),
      upstreams: [{ ...upstream, apiKey: 'key' }],
      modelAliases: { chat: ['llama3.2', 'local.extractive'] },
      prices: { 'llama3.2': { input: 0.5, output: 1 } },
      secretRotationGraceMs: 300_000,
      appDirectory: resolve('my-app'),
    });
  });

  it.each<[string, object, RegExp]>([
    ['a short key', { secretKey: 'hush' }, /at least 32 characters/],
    [
      'an address that is none',
      { upstreams: [{ ...upstream, baseUrl: 'ollama:11434' }] },
      /"ollama" must be an http or https address/,
    ],
    [
      'a kind that does not exist',
      { upstreams: [{ ...upstream, models: [{ id: 'a', kind: 'image' }] }] },
      /kind of model "a" is "image"/,
    ],
    [
      'a server twice',
      { upstreams: [upstream, upstream] },
      /"ollama" is used twice/,
    ],
    [
      'a model twice',
      { upstreams: [upstream, { ...upstream, id: 'vllm' }] },
      /"llama3.2" is used twice/,
    ],
    [
      'a model that is built in',
      {
        upstreams: [
          { ...upstream, models: [{ id: 'local.extractive', kind: 'text' }] },
        ],
      },
      /"local.extractive" is used twice/,
    ],
    [
      'an alias that is a model',
      { modelAliases: { 'local.embedding': ['local.extractive'] } },
      /"local.embedding" is the id of a model. Choose among: local.extractive, local.embedding/,
    ],
    [
      'an alias of a model that nobody has',
      { modelAliases: { chat: ['gpt-99'] } },
      /"chat" names "gpt-99", which no upstream has/,
    ],
    [
      'an alias of both kinds',
      { modelAliases: { chat: ['local.extractive', 'local.embedding'] } },
      /"chat" mixes text models with embedding models/,
    ],
    [
      'an alias of nothing',
      { modelAliases: { chat: [] } },
      /local\.modelAliases\.chat is wrong/,
    ],
    [
      'a price below nothing',
      { prices: { 'llama3.2': { input: -1 } } },
      /local\.prices\.llama3\.2\.input is wrong/,
    ],
  ])('refuses %s', (_what, local, message) => {
    expect(() => read(local)).toThrow(message);
    expect(() => read(local)).not.toThrow('hush');
  });
});
