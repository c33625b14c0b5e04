import Anthropic from '@anthropic-ai/sdk';
import { type Harness, startHarness } from '../../../testing/harness';
import { ScriptedModelProvider } from '../../../testing/ScriptedModelProvider';

/** A tool. */
export const weather = {
  name: 'weather',
  description: 'The weather of a city',
  input_schema: {
    type: 'object' as const,
    properties: { city: { type: 'string' } },
  },
};
/** A request that the model `stub-chat` answers. */
export const ask = {
  model: 'stub-chat',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

/** The service with the official SDK in front, and models behind it. */
export type Messages = {
  harness: Harness;
  client: Anthropic;
  /** Serves the model `scripted`. */
  scripted: ScriptedModelProvider;
};

export async function startMessages(): Promise<Messages> {
  const scripted = new ScriptedModelProvider('scripted');
  const harness = await startHarness({
    models: ['stub-chat', 'stub-embed', 'local.extractive', 'scripted'],
    providers: [scripted],
    prompts: {
      render: async (_clientId, { name, variables }) => ({
        text: `${name}: ${variables.topic}`,
        version: 1,
      }),
    },
  });
  const { port } = await harness.app.listen({ host: '127.0.0.1', port: 0 });
  const client = new Anthropic({
    baseURL: `http://127.0.0.1:${port}`,
    authToken: await harness.auth.token(),
    apiKey: null,
    maxRetries: 0,
  });
  return { harness, client, scripted };
}
