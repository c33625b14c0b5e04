/** An answer outside 2xx; `message` is a sentence for people. */
export class AnswerError extends Error {
  name = 'AnswerError';
}

const UNREACHABLE =
  'The app cannot be reached. Check your connection and that the environment runs, then try again.';

/**
 * Posts `body` as JSON and calls `onEvent(type, data)` for each server-sent event.
 *
 * Rejects with AnswerError for errors, also for one in the middle of an answer, and with
 * an AbortError once `signal` aborts.
 */
export async function postForEvents({ url, body, signal, onEvent }) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
    },
    body: JSON.stringify(body),
    signal,
  }).catch(rethrow);
  if (!response.ok) {
    const problem = await response.json().catch(() => undefined);
    throw new AnswerError(
      problem?.detail ??
        `The app answered with status ${response.status}. Try again in a moment.`,
    );
  }
  let finished = false;
  for await (const { type, data } of readEvents(response.body)) {
    if (type === 'error') throw new AnswerError(data.message);
    finished ||= type === 'finish';
    onEvent(type, data);
  }
  if (!finished) {
    throw new AnswerError(
      'The answer broke off before it was complete. Send it again to get a whole one.',
    );
  }
}

/** The events of a stream that this app's server writes: an `event` and a `data` line each. */
export async function* readEvents(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(rethrow);
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split(
        '\n\n',
      );
      rest = blocks.pop();
      yield* blocks.map(parseBlock);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parseBlock(block) {
  const fields = Object.fromEntries(
    block.split('\n').map(line => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  return { type: fields.event, data: JSON.parse(fields.data) };
}

function rethrow(error) {
  throw error.name === 'AbortError' ? error : new AnswerError(UNREACHABLE);
}
