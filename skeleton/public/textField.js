import { formatCount, showProblem } from './page.js';

/**
 * A text area with a length limit that can be filled from a file, opened or dropped.
 *
 * `onChange(isUsable)` is told after each change whether the text is within the limit.
 */
export function setUpTextField(options) {
  const { area, file, counter, problem, max, onChange } = options;

  const check = () => {
    const { length } = area.value;
    counter.textContent = `${formatCount(length)} of ${formatCount(
      max,
    )} characters`;
    const isTooLong = length > max;
    area.setAttribute('aria-invalid', String(isTooLong));
    showProblem(
      problem,
      isTooLong &&
        `The text is ${formatCount(
          length - max,
        )} characters too long. Shorten it.`,
    );
    onChange(!isTooLong);
  };

  const setText = text => {
    area.value = text;
    check();
  };

  const open = async chosen => {
    if (!chosen) return;
    try {
      setText(await readTextFile(chosen, max));
    } catch (error) {
      showProblem(problem, error.message);
    }
  };

  area.addEventListener('input', check);
  file.addEventListener('change', async () => {
    await open(file.files[0]);
    file.value = ''; // So that opening the same file again is a change, too.
  });
  area.addEventListener('dragover', event => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    area.classList.add('dropping');
  });
  area.addEventListener('dragleave', () => area.classList.remove('dropping'));
  area.addEventListener('drop', event => {
    area.classList.remove('dropping');
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    open(event.dataTransfer.files[0]);
  });
  check();
  return { setText };
}

/** Reads a .txt or .md file. Rejects with a sentence for what is not text or too long. */
export async function readTextFile(file, max) {
  if (!/\.(txt|md)$/i.test(file.name)) {
    throw new Error(
      `${file.name} cannot be opened. Choose a text file that ends in .txt or .md.`,
    );
  }
  // No UTF-8 character is longer than 4 bytes: larger files need not be read at all.
  if (file.size > 4 * max) throw new Error(tooLong(file.name, max));
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(
      await file.arrayBuffer(),
    );
  } catch {
    throw new Error(
      `${file.name} is not UTF-8 text. Save it as UTF-8 and open it again.`,
    );
  }
  if (text.length > max) throw new Error(tooLong(file.name, max));
  return text;
}

function tooLong(name, max) {
  return `${name} is too long: at most ${formatCount(
    max,
  )} characters are possible.`;
}
