import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BlueprintDamagedError,
  BlueprintsMissingError,
  loadBlueprints,
} from './loadBlueprints';
import type { BlueprintManifest, StackBlueprint } from './manifest';

const stack: StackBlueprint = {
  kind: 'core',
  template: 'core.template.json',
  // Of "{}".
  sha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  bytes: 2,
  resourceCount: 0,
  resourcesByType: {},
  capabilities: [],
  parameters: [],
  outputs: [],
  ecsServices: [],
  apiParameters: [],
  emptyBeforeDelete: [],
};
const cost = {
  idleMonthlyUsd: 1,
  hibernatedMonthlyUsd: 1,
  items: [],
  perUse: [],
  note: '',
};
const manifest: BlueprintManifest = {
  schemaVersion: 1,
  version: '1.2.3',
  prices: { region: 'us-east-1', date: '2026-11-25', currency: 'USD' },
  foundation: { ...stack, kind: 'foundation', cost },
  environments: [
    {
      id: 'standard-s3-vectors',
      tier: 'standard',
      vectorStore: 's3-vectors',
      core: stack,
      services: { ...stack, kind: 'services' },
      cost,
      creation: { seconds: 1, steps: [] },
    },
  ],
};

describe('loadBlueprints', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'genai-load-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function write(text = '{}') {
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
    writeFileSync(join(directory, stack.template), text);
  }

  it('finds a blueprint and reads its templates', () => {
    write();
    const blueprints = loadBlueprints({ directory });
    const { core } = blueprints.find({
      tier: 'standard',
      vectorStore: 's3-vectors',
    });
    expect(blueprints.readTemplate(core)).toBe('{}');
  });

  it('says which blueprints there are when another one is asked for', () => {
    write();
    expect(() =>
      loadBlueprints({ directory }).find({
        tier: 'sandbox',
        vectorStore: 's3-vectors',
      }),
    ).toThrow(
      'There is no blueprint for tier "sandbox" with vector store "s3-vectors". There are standard-s3-vectors.',
    );
  });

  it('says how to make them when there are none', () => {
    expect(() => loadBlueprints({ directory })).toThrow(BlueprintsMissingError);
    expect(() => loadBlueprints({ directory })).toThrow('Run "npm run synth"');
  });

  it('refuses a template that somebody changed', () => {
    write('{ }');
    expect(() => loadBlueprints({ directory }).readTemplate(stack)).toThrow(
      BlueprintDamagedError,
    );
  });
});
