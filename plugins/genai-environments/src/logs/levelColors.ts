import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';

/**
 * Colours of levels that can be read (WCAG AA, 4.5 : 1) on the backgrounds of Backstage's
 * themes. The word stands beside: nobody has to see a colour.
 */
export const LEVEL_COLORS: Record<
  'light' | 'dark',
  Record<NonNullable<LogLine['level']>, string>
> = {
  light: {
    debug: '#5f5f5f',
    info: '#1f5493',
    warn: '#8a4b00',
    error: '#b3131f',
  },
  dark: {
    debug: '#c4c4c4',
    info: '#9cc9f5',
    warn: '#ffb74d',
    error: '#ffa3a3',
  },
};
