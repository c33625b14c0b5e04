/** Adds a message to the conversation that `list` shows. */
export function addMessage(list, { role, who }) {
  const message = document.createElement('article');
  message.className = `message ${role}`;
  const name = document.createElement('span');
  name.className = 'who';
  name.textContent = who;
  const text = document.createElement('div');
  text.className = 'text';
  message.append(name, text);
  list.append(message);
  return { message, name, text };
}

/** Shows under `message` what went wrong, with a button that calls `onRetry`. */
export function addFailure(message, { problem, onRetry }) {
  const line = document.createElement('p');
  line.className = 'problem';
  line.setAttribute('role', 'alert');
  const again = document.createElement('button');
  again.type = 'button';
  again.className = 'quiet';
  again.textContent = 'Try again';
  again.addEventListener('click', onRetry);
  line.append(problem, again);
  message.append(line);
}

/** Follows `message` as it grows, unless the reader has scrolled up. */
export function keepInView(message) {
  const { scrollHeight, scrollTop, clientHeight } = document.documentElement;
  const isNearEnd = scrollHeight - scrollTop - clientHeight < 160;
  const isNew = !message.querySelector('.text').textContent;
  if (isNearEnd || isNew) window.scrollTo({ top: scrollHeight });
}
