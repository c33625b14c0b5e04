import { memo } from 'react';
import type { NumberedLine } from '../../logs/LogReader';
import { LogRow } from './LogRow';
import type { LogClasses } from './logStyles';

const BLOCK_LINES = 100;

/**
 * Lines in groups that stay the same while lines are added at the end and dropped at the
 * start.
 */
export function inBlocks(
  lines: NumberedLine[],
): Array<{ id: number; lines: NumberedLine[] }> {
  const blocks: Array<{ id: number; lines: NumberedLine[] }> = [];
  for (const line of lines) {
    const id = Math.floor(line.number / BLOCK_LINES);
    const last = blocks.at(-1);
    if (last?.id === id) last.lines.push(line);
    else blocks.push({ id, lines: [line] });
  }
  return blocks;
}

type LogBlockProps = {
  lines: NumberedLine[];
  /** The browser need not lay it out while it is out of view. */
  skippable: boolean;
  showService: boolean;
  /** Number of the line whose button the tab key reaches. */
  tabStop: number | false | undefined;
  classes: LogClasses;
  onOpen: () => void;
};

/** Some lines that are rendered again only when they change. */
export const LogBlock = memo((props: LogBlockProps) => {
  const { lines, skippable, showService, tabStop, classes, onOpen } = props;
  return (
    <div className={skippable ? classes.skippable : undefined}>
      {lines.map(line => (
        <LogRow
          key={line.id}
          line={line}
          showService={showService}
          isTabStop={line.number === tabStop}
          classes={classes}
          onOpen={onOpen}
        />
      ))}
    </div>
  );
}, isSame);

function isSame(before: LogBlockProps, after: LogBlockProps): boolean {
  const { lines: linesBefore, ...restBefore } = before;
  const { lines: linesAfter, ...restAfter } = after;
  return (
    linesBefore.length === linesAfter.length &&
    linesBefore.every((line, index) => line === linesAfter[index]) &&
    Object.entries(restBefore).every(
      ([key, value]) => value === restAfter[key as keyof typeof restAfter],
    )
  );
}
