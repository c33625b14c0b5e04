import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';
import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';

const LOGS = '/environments/invoice-bot/logs';

const lines: LogLine[] = Array.from({ length: 250 }, (_, index) => ({
  id: String(index),
  at: new Date(index).toISOString(),
  service: index % 2 ? 'app' : 'model-invocation',
  level: 'info',
  message: `line ${index}`,
}));

describe('logs', () => {
  const { databases } = createTestDatabases();

  const start = async () => {
    const knex = await databases.init('SQLITE_3');
    const plugin = await startPlugin({ knex });
    plugin.provisioner.logLines = [...lines];
    await plugin.ada.post('/environments', createRequest).expect(201);
    await plugin.waitForPhase('invoice-bot', 'Ready');
    return plugin;
  };

  it('are the newest lines, and then what comes after a cursor', async () => {
    const { ada, provisioner } = await start();
    const newest = (await ada.get(LOGS).expect(200)).body;
    expect(newest.items).toEqual(lines.slice(-200));
    const after = `after=${newest.cursor}`;
    const nothing = (await ada.get(`${LOGS}?${after}`).expect(200)).body;
    expect(nothing).toEqual({ items: [], cursor: newest.cursor });
    provisioner.logLines.push({ ...lines[0], id: '250' });
    const next = await ada.get(`${LOGS}?${after}&limit=5`).expect(200);
    expect(next.body.items.map(({ id }: LogLine) => id)).toEqual(['250']);
  });

  it('are those of one service when it is named', async () => {
    const { ada } = await start();
    const { body } = await ada.get(`${LOGS}?service=app&limit=4`).expect(200);
    expect(body.items.map(({ service }: LogLine) => service)).toEqual([
      'app',
      'app',
    ]);
  });

  it.each([
    ['service=nobody', /"service" must be one of/],
    ['limit=0', /"limit" must be at least 1/],
    ['limit=1001', /"limit" must be at most 1000/],
    ['after=made-up', /"after" is no cursor/],
  ])('refuse %s', async (query, sentence) => {
    const { ada } = await start();
    const { body } = await ada.get(`${LOGS}?${query}`).expect(400);
    expect(body.error.message).toMatch(sentence);
  });

  it('can be read when the environment failed, and while it is torn down', async () => {
    const { ada, provisioner, waitForRecord } = await start();
    const { uid } = (await ada.get('/environments/invoice-bot')).body;
    for (const phase of ['Failed', 'Deleting'] as const) {
      provisioner.intercept = async desired =>
        provisioner.outcome(phase, desired);
      if (phase === 'Deleting') await ada.delete('/environments/invoice-bot');
      provisioner.hint(uid);
      await waitForRecord(row => row.phase === phase);
      await ada.get(LOGS).expect(200);
    }
  });

  it('answer 503 without internals when the provisioner does not answer', async () => {
    const { ada, provisioner } = await start();
    provisioner.getLogs = async () => {
      throw new Error('connect ECONNREFUSED 127.0.0.1:1');
    };
    const { body } = await ada.get(LOGS).expect(503);
    expect(JSON.stringify(body)).not.toContain('ECONNREFUSED');
  });

  it('are for owners, and who read them is audited', async () => {
    const { ada, bob, pat, audited } = await start();
    await ada.get(LOGS).expect(200);
    await bob.get(LOGS).expect(403);
    await pat.get(LOGS).expect(403);
    await ada.get('/environments/no-bot/logs').expect(404);
    const reads = audited.filter(({ eventId }) => eventId === 'log-read');
    expect(reads.map(({ result }) => result)).toEqual([
      'success',
      'failure',
      'failure',
      'failure',
    ]);
    expect(reads[0].text).toContain('"severityLevel":"low"');
    expect(reads[1].text).toContain('user:default/bob');
  });
});
