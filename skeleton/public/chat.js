import { AnswerError, postForEvents } from './eventStream.js';
import { exampleQuestion, exampleText } from './example.js';
import { addFailure, addMessage, keepInView } from './messages.js';
import { announce, byId, formatCount } from './page.js';
import { setUpTextField } from './textField.js';

/** The Chat tab. The conversation lives in this page only, until it is closed. */
export function setUpChat({ limits }) {
  const form = byId('chat-form');
  const question = byId('question');
  const context = byId('context');
  const list = byId('messages');
  const empty = byId('chat-empty');
  /** Questions with their answers, as sent along with the next question. */
  let conversation = [];
  let running; // AbortController of the answer that is being streamed
  let contextIsUsable = true;

  const refresh = () => {
    const isRunning = Boolean(running);
    const isEmpty = list.children.length === 1;
    byId('send').disabled =
      isRunning || !question.value.trim() || !contextIsUsable;
    byId('send').hidden = isRunning;
    byId('stop').hidden = !isRunning;
    byId('restart').disabled = isRunning || isEmpty;
    empty.hidden = !isEmpty;
  };

  const contextField = setUpTextField({
    area: context,
    file: byId('context-file'),
    counter: byId('context-count'),
    problem: byId('context-error'),
    max: limits.contextCharacters,
    onChange: isUsable => {
      contextIsUsable = isUsable;
      byId('context-state').textContent = context.value.trim()
        ? `${formatCount(context.value.length)} characters`
        : 'none';
      refresh();
    },
  });

  /** Streams the answer into `answer`; resolves with its text. */
  const stream = async (asked, answer, signal) => {
    const messages = [...conversation, { role: 'user', content: asked }];
    await postForEvents({
      url: 'api/chat',
      body: {
        messages: messages.slice(-limits.messages),
        ...(context.value.trim() ? { context: context.value } : {}),
      },
      signal,
      onEvent: (type, data) => {
        if (type === 'start') answer.name.textContent = data.model;
        if (type === 'text-delta') answer.text.append(data.text);
        keepInView(answer.message);
      },
    });
  };

  const remember = (asked, answered) => {
    if (!answered.trim()) return;
    conversation.push(
      { role: 'user', content: asked },
      {
        role: 'assistant',
        content: answered.slice(0, limits.answerCharacters),
      },
    );
  };

  const ask = async asked => {
    const answer = addMessage(list, { role: 'assistant', who: 'Answer' });
    answer.message.classList.add('busy');
    list.setAttribute('aria-busy', 'true');
    running = new AbortController();
    refresh();
    keepInView(answer.message);
    announce('Waiting for the answer.');
    try {
      await stream(asked, answer, running.signal);
      remember(asked, answer.text.textContent);
      announce(`Answer: ${answer.text.textContent}`);
    } catch (error) {
      if (error.name === 'AbortError') {
        remember(asked, answer.text.textContent);
        answer.name.textContent += ' · stopped';
        announce('Stopped.');
      } else if (error instanceof AnswerError) {
        addFailure(answer.message, {
          problem: error.message,
          onRetry: () => {
            if (running) return;
            answer.message.remove();
            ask(asked);
          },
        });
        keepInView(answer.message);
      } else throw error;
    } finally {
      running = undefined;
      answer.message.classList.remove('busy');
      list.removeAttribute('aria-busy');
      refresh();
    }
  };

  question.maxLength = limits.questionCharacters;
  question.addEventListener('input', refresh);
  question.addEventListener('keydown', event => {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!byId('send').disabled) form.requestSubmit();
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    const asked = question.value.trim();
    if (byId('send').disabled) return;
    question.value = '';
    byId('context-box').open = false; // Makes room for the conversation.
    addMessage(list, { role: 'user', who: 'You' }).text.textContent = asked;
    ask(asked);
  });
  byId('stop').addEventListener('click', () => {
    running?.abort();
    question.focus();
  });
  byId('restart').addEventListener('click', () => {
    conversation = [];
    list.replaceChildren(empty);
    refresh();
    announce('New conversation.');
    question.focus();
  });
  byId('context-clear').addEventListener('click', () => {
    contextField.setText('');
    context.focus();
  });
  byId('example').addEventListener('click', () => {
    contextField.setText(exampleText);
    byId('context-box').open = true;
    question.value = exampleQuestion;
    refresh();
    question.focus();
  });
  refresh();
}
