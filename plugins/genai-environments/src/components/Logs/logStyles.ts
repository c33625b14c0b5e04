import { makeStyles, Theme } from '@material-ui/core/styles';
import { LEVEL_COLORS } from '../../logs/levelColors';
import { MONOSPACE } from '../common/monospace';

/** Colour of a level's word, and for those that matter of the line's edge. */
function levelStyle(
  theme: Theme,
  level: keyof (typeof LEVEL_COLORS)['light'],
  stands: boolean,
) {
  const color = LEVEL_COLORS[theme.palette.type][level];
  return {
    '& $level': { color, ...(stands && { fontWeight: 700 }) },
    ...(stands && { borderLeftColor: color }),
  };
}

/** Styles of all lines: read once by their list, because each use costs. */
export const useLogStyles = makeStyles(
  theme => ({
    root: { position: 'relative' },
    box: {
      maxHeight: 'max(320px, 62vh)',
      overflow: 'auto',
      padding: theme.spacing(1, 0),
      border: `1px solid ${theme.palette.divider}`,
      borderRadius: theme.shape.borderRadius,
      backgroundColor: theme.palette.background.default,
      color: theme.palette.text.primary,
      fontFamily: MONOSPACE,
      fontSize: '0.8125rem',
      lineHeight: '24px',
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 1,
      },
    },
    lines: { '--columns': '24px 18ch 6ch' },
    withService: { '--columns': '24px 18ch 6ch 20ch' },
    skippable: {
      contentVisibility: 'auto',
      containIntrinsicHeight: 'auto 2400px',
    },
    line: {
      display: 'grid',
      gridTemplateColumns: 'var(--columns) minmax(0, 1fr)',
      columnGap: theme.spacing(1),
      paddingRight: theme.spacing(1),
      borderLeft: '3px solid transparent',
      [theme.breakpoints.down('xs')]: {
        gridTemplateColumns: '24px auto auto minmax(0, 1fr)',
        paddingBottom: theme.spacing(0.5),
      },
    },
    wrapped: { '& $message, & $detail': { whiteSpace: 'pre-wrap' } },
    unwrapped: {
      // As wide as the longest line, which the box scrolls to.
      width: 'max-content',
      minWidth: '100%',
      '& $message, & $detail': { whiteSpace: 'pre' },
      '& $line': { gridTemplateColumns: 'var(--columns) max-content' },
    },
    toggle: {
      width: 24,
      height: 24,
      padding: 0,
      border: 0,
      borderRadius: theme.shape.borderRadius,
      background: 'none',
      color: 'inherit',
      font: 'inherit',
      cursor: 'pointer',
      '&:hover': { backgroundColor: theme.palette.action.hover },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: -2,
      },
    },
    time: { color: theme.palette.text.secondary, whiteSpace: 'nowrap' },
    level: {},
    service: {
      minWidth: 0,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      color: theme.palette.text.secondary,
      whiteSpace: 'nowrap',
    },
    message: {
      minWidth: 0,
      overflowWrap: 'anywhere',
      [theme.breakpoints.down('xs')]: { gridColumn: '2 / -1' },
    },
    detail: {
      gridColumn: '2 / -1',
      minWidth: 0,
      margin: theme.spacing(0, 0, 1),
      padding: theme.spacing(0.5, 1),
      borderLeft: `2px solid ${theme.palette.divider}`,
      font: 'inherit',
      lineHeight: 1.5,
      overflowWrap: 'anywhere',
    },
    debug: levelStyle(theme, 'debug', false),
    info: levelStyle(theme, 'info', false),
    warn: levelStyle(theme, 'warn', true),
    error: levelStyle(theme, 'error', true),
    newest: {
      position: 'absolute',
      // Beside the scroll bar, where most lines have ended.
      bottom: theme.spacing(2),
      right: theme.spacing(3),
    },
  }),
  { name: 'GenaiEnvironmentLog' },
);

/** Names of the classes by what they style. */
export type LogClasses = ReturnType<typeof useLogStyles>;
