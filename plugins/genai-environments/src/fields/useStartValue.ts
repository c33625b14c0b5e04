import { useEffect } from 'react';

/** Gives an empty field its first value, once it is known. */
export function useStartValue(
  formData: string | undefined,
  start: string | undefined,
  onChange: (value: string) => void,
): void {
  useEffect(() => {
    if (!formData && start) onChange(start);
  }, [formData, start, onChange]);
}
