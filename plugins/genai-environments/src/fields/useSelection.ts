import { useEffect, useRef } from 'react';

/**
 * Answers of a field whose options are read first. Starts with `start`, and drops what
 * is not offered any more, such as after another region was chosen. Returns what to call
 * when the user selects.
 */
export function useSelection(options: {
  /** `undefined` while they are read. */
  offered: string[] | undefined;
  start: string[] | undefined;
  selected: string[] | undefined;
  onChange: (selected: string[]) => void;
}): (selected: string[]) => void {
  const { offered, start, selected, onChange } = options;
  // The form makes an array of nothing by itself, and fields that start with a value at
  // the same time may undo each other: only what the user did counts as an answer.
  const touched = useRef(false);
  useEffect(() => {
    if (!offered || !start) return;
    const chosen = selected ?? [];
    const kept = chosen.filter(value => offered.includes(value));
    if (!touched.current && kept.length === 0 && start.length > 0) {
      onChange(start);
    } else if (kept.length !== chosen.length) {
      onChange(kept);
    }
  }, [offered, start, selected, onChange]);

  return chosen => {
    touched.current = true;
    onChange(chosen);
  };
}
