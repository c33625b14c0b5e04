import { AnswerError, postForEvents } from './eventStream.js';
import { announce, byId, showProblem } from './page.js';
import { setUpTextField } from './textField.js';

/** The Summary tab. */
export function setUpSummary({ limits }) {
  const area = byId('text');
  const result = byId('summary');
  const author = byId('summary-by');
  const copy = byId('copy');
  let running; // AbortController of the summary that is being streamed
  let isUsable = true;

  const refresh = () => {
    byId('summarize').disabled =
      Boolean(running) || !isUsable || !area.value.trim();
    byId('summary-stop').hidden = !running;
  };

  setUpTextField({
    area,
    file: byId('text-file'),
    counter: byId('text-count'),
    problem: byId('text-error'),
    max: limits.summaryCharacters,
    onChange: usable => {
      isUsable = usable;
      refresh();
    },
  });

  const summarize = async () => {
    running = new AbortController();
    result.textContent = '';
    result.classList.add('busy');
    result.setAttribute('aria-busy', 'true');
    author.hidden = true;
    copy.disabled = true;
    showProblem(byId('text-error'));
    refresh();
    announce('Waiting for the summary.');
    try {
      await postForEvents({
        url: 'api/summary',
        body: { text: area.value },
        signal: running.signal,
        onEvent: (type, data) => {
          if (type === 'start') {
            author.textContent = `Written by ${data.model}`;
            author.hidden = false;
          }
          if (type === 'text-delta') result.append(data.text);
        },
      });
      announce(`Summary: ${result.textContent}`);
    } catch (error) {
      if (error instanceof AnswerError) {
        showProblem(byId('text-error'), error.message);
      } else if (error.name === 'AbortError') {
        author.textContent += ' · stopped';
        announce('Stopped.');
      } else throw error;
    } finally {
      running = undefined;
      result.classList.remove('busy');
      result.removeAttribute('aria-busy');
      copy.disabled = !result.textContent;
      refresh();
    }
  };

  byId('summary-form').addEventListener('submit', event => {
    event.preventDefault();
    if (!byId('summarize').disabled) summarize();
  });
  byId('summary-stop').addEventListener('click', () => running?.abort());
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(result.textContent);
      copy.textContent = 'Copied';
      announce('Copied.');
    } catch {
      // Clipboards are refused on addresses that are not secure: select it instead.
      getSelection().selectAllChildren(result);
      announce('Selected. Press Control and C to copy.');
    }
    setTimeout(() => {
      copy.textContent = 'Copy';
    }, 2000);
  });
  refresh();
}
