import Button from '@material-ui/core/Button';
import ArrowDownwardIcon from '@material-ui/icons/ArrowDownward';
import { useMemo } from 'react';
import type { NumberedLine } from '../../logs/LogReader';
import { classNames } from '../common/classNames';
import { inBlocks, LogBlock } from './LogBlock';
import { useLogStyles } from './logStyles';
import { useStickToEnd } from './useStickToEnd';

/**
 * Lines in a box that stays at its end while lines come in, until somebody scrolls up.
 *
 * Thousands of lines are all in the document, for the browser's own search and for
 * screen readers. They stay cheap because they stand in blocks of which the browser lays
 * out and React renders only those that change or are in view.
 */
export function LogList(props: {
  lines: NumberedLine[];
  wrap: boolean;
  showService: boolean;
}) {
  const { lines, wrap } = props;
  const classes = useLogStyles();
  const { ref, atEnd, measure, scrollToEnd } =
    useStickToEnd<HTMLDivElement>(lines);
  const blocks = useMemo(() => inBlocks(lines), [lines]);
  const showService = props.showService && lines.some(line => line.service);
  const tabStop = lastWithDetail(lines)?.number;
  return (
    <div className={classes.root}>
      <div
        ref={ref}
        role="region"
        aria-label="Log"
        // Scrolls by keyboard, too.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={classes.box}
        onScroll={measure}
      >
        <div
          role="list"
          aria-label="Lines, oldest first"
          className={classNames(
            classes.lines,
            wrap ? classes.wrapped : classes.unwrapped,
            showService && classes.withService,
          )}
        >
          {blocks.map((block, index) => (
            <LogBlock
              key={block.id}
              lines={block.lines}
              // What the end of the box shows must have its real height, or else
              // scrolling there would not arrive.
              skippable={index < blocks.length - 2}
              showService={showService}
              tabStop={block.lines.some(l => l.number === tabStop) && tabStop}
              classes={classes}
              onOpen={measure}
            />
          ))}
        </div>
      </div>
      {!atEnd && (
        <Button
          className={classes.newest}
          size="small"
          variant="contained"
          startIcon={<ArrowDownwardIcon />}
          onClick={() => {
            scrollToEnd();
            // The button goes with that.
            ref.current?.focus({ preventScroll: true });
          }}
        >
          Newest lines
        </Button>
      )}
    </div>
  );
}

function lastWithDetail(lines: NumberedLine[]): NumberedLine | undefined {
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    if (lines[index].detail) return lines[index];
  }
  return undefined;
}
