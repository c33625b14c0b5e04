import {
  answerCompletion,
  answerStream,
  deltaChunk,
  DONE,
  StubUpstream,
  TOOL_CALL_COMPLETION,
  TOOL_CALL_STREAM,
  USAGE_CHUNK,
} from '../../../services/model-invocation/src/testing/StubUpstream';

/** Model of a {@link startToolModel}. */
export const TOOL_MODEL = 'tool-model';

/**
 * A model server that wants to know the weather in Bonn, and when a message holds what its tool
 * answered, repeats that.
 */
export async function startToolModel(): Promise<StubUpstream> {
  const server = await StubUpstream.start();
  server.behave = (request, response) => {
    const { messages, stream } = request.body;
    const { role, content } = messages.at(-1);
    if (role === 'tool') {
      const text = `The tool says: ${content}`;
      const answer = stream
        ? answerStream(
            deltaChunk({ role: 'assistant', content: text }),
            deltaChunk({}, 'stop'),
            USAGE_CHUNK,
            DONE,
          )
        : answerCompletion(text);
      answer(request, response);
      return;
    }
    const call = stream
      ? answerStream(...TOOL_CALL_STREAM)
      : answerCompletion('', TOOL_CALL_COMPLETION);
    call(request, response);
  };
  return server;
}

/** Variables under which an environment serves it. */
export function toolModelVariables({ baseUrl }: StubUpstream) {
  const models = [{ id: TOOL_MODEL, kind: 'text' }];
  return {
    GENAI_MODELS: JSON.stringify([
      'local.extractive',
      'local.embedding',
      TOOL_MODEL,
    ]),
    GENAI_UPSTREAMS: JSON.stringify([{ id: 'tools', baseUrl, models }]),
  };
}
