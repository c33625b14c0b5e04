import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import type { ApiCall, FaultKind } from './testing/fakeAws/Faults';
import {
  isMutation,
  Lifecycle,
  signatureOf,
  type Stage,
} from './testing/world/Lifecycle';

jest.setTimeout(600_000);

/** One call of the recorded life: what it was, and in which stage. */
type Recorded = { stage: Stage; signature: string; mutates: boolean };

const KINDS: FaultKind[] = [
  'throttle',
  'server-error',
  'lost-answer',
  'kill-before',
  'kill-after',
];
const DEADLY: FaultKind[] = ['lost-answer', 'kill-before', 'kill-after'];

/** With it every fault is tried alone; without, each second mutation meets a deadly one. */
const IS_FULL = process.env.GENAI_FAULT_MATRIX === 'full';

/** The life of an environment without faults, as the calls it makes. */
async function record(): Promise<Recorded[]> {
  const life = await Lifecycle.start();
  const seen = new Map<string, Recorded>();
  try {
    await life.run({
      async after(stage) {
        for (const call of life.world.aws.calls.splice(0)) {
          const signature = signatureOf(call);
          const mutates = isMutation(call);
          seen.set(`${stage} ${signature}`, { stage, signature, mutates });
        }
      },
    });
    return [...seen.values()];
  } finally {
    await life.end();
  }
}

/** What must hold however the calls went. */
async function assertSound(life: Lifecycle, stage: Stage) {
  const { world, driver } = life;
  const remains = await world.findRemains(driver.desired);
  const clients = [...world.region.userPools.values()].flatMap(pool => [
    ...pool.clients.values(),
  ]);
  if (stage === 'teardown') {
    expect(remains).toEqual([]);
    expect(clients).toEqual([]);
    return;
  }
  const { applications } = driver.desired;
  expect(clients.map(({ id }) => id).sort()).toEqual(
    applications.map(({ clientId }) => clientId).sort(),
  );
  const stacks = remains.filter(item => item.startsWith('stack '));
  expect(stacks).toHaveLength(stage === 'hibernate' ? 1 : 2);
  const rotated = ['rotate', 'hibernate', 'wake'].includes(stage);
  for (const { name, secrets } of clients) {
    expect(secrets).toHaveLength(
      rotated && name.startsWith('default.') ? 2 : 1,
    );
  }
}

/** @returns the calls that were struck */
async function runWith(
  kind: FaultKind,
  strikes: (stage: Stage, call: ApiCall) => boolean,
  last: Stage,
): Promise<number> {
  const life = await Lifecycle.start();
  const { faults } = life.world.aws;
  faults.add(kind, call => strikes(life.stage, call), Infinity);
  try {
    await life.run({ last, after: stage => assertSound(life, stage) });
    return faults.struck;
  } finally {
    await life.end();
  }
}

describe('faults of AWS', () => {
  let recorded: Recorded[];

  beforeAll(async () => {
    schemaOf('AWS::S3::Bucket');
    recorded = await record();
  });

  it('are tried at all kinds of calls', () => {
    const services = new Set(
      recorded.map(({ signature }) => signature.split(' ')[0]),
    );
    expect([...services].sort()).toEqual([
      'bedrock',
      'cloudformation',
      'cognito-idp',
      'ecr',
      'ecs',
      'monitoring',
      's3',
      's3vectors',
      'secretsmanager',
      'tagging',
    ]);
  });

  it.each(KINDS)('%s, at every call of a life once', async kind => {
    const met = new Set<string>();
    const struck = await runWith(
      kind,
      (stage, call) => {
        const key = `${stage} ${signatureOf(call)}`;
        const isNew = !met.has(key);
        met.add(key);
        return isNew;
      },
      'wake',
    );
    expect(struck).toBeGreaterThanOrEqual(recorded.length * 0.9);
  });

  it('alone, at each call that changes something', async () => {
    const failures: string[] = [];
    const mutations = recorded.filter(({ mutates }) => mutates);
    const single = IS_FULL ? recorded : mutations.filter((_, n) => n % 2 === 0);
    for (const [index, { stage, signature }] of single.entries()) {
      const kinds = IS_FULL ? KINDS : [DEADLY[index % DEADLY.length]];
      for (const kind of kinds) {
        let left = 1;
        try {
          const struck = await runWith(
            kind,
            (current, call) =>
              current === stage &&
              signatureOf(call) === signature &&
              left-- > 0,
            stage,
          );
          expect(struck).toBe(1);
        } catch (error) {
          failures.push(`${kind} at ${stage} ${signature}: ${error}`);
        }
      }
    }
    expect(failures).toEqual([]);
  });
});
