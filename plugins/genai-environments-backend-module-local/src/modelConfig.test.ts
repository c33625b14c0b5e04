import { useLocalWorld } from './testing/useLocalWorld';

// Processes are started and ended.
jest.setTimeout(30_000);

describe('aliases and prices of models', () => {
  const { world, provisioner, newDriver } = useLocalWorld();

  it('are known to environments that have the models, and change nothing for others', async () => {
    const driver = newDriver();
    await driver.untilSettled('Ready');
    const pid = world().runtimePidOf(driver.desired);
    Object.assign(world().config, {
      modelAliases: { vectors: ['local.embedding'] },
      prices: { 'local.embedding': { input: 1 } },
    });
    expect((await driver.step()).events).toEqual([]);
    expect(world().runtimePidOf(driver.desired)).toBe(pid);

    Object.assign(world().config, {
      modelAliases: { chat: ['local.extractive'] },
      prices: { 'local.extractive': { input: 1, output: 2 } },
    });
    const { outcome } = await driver.untilSettled('Ready');
    expect(world().runtimePidOf(driver.desired)).not.toBe(pid);
    const [{ clientId }] = driver.desired.applications;
    const clientSecret = await provisioner().takeSecret(driver.desired, {
      ...{ clientId, secretVersion: 1 },
    });
    const credentials = { clientId, clientSecret };
    const token = await world().requestToken(outcome.outputs, credentials);
    const answer = await fetch(
      `${outcome.outputs.endpoint}/v1/chat/completions`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          model: 'chat',
          messages: [{ role: 'user', content: 'It rains. What is it?' }],
        }),
      },
    );
    expect(await answer.json()).toMatchObject({
      choices: [{ message: { role: 'assistant' } }],
    });
  });
});
