import { memo, useEffect, useRef, useState } from 'react';
import type { NumberedLine } from '../../logs/LogReader';
import { localTime, prettyDetail } from '../../logs/logText';
import { classNames } from '../common/classNames';
import { serviceLabel } from '../common/services';
import type { LogClasses } from './logStyles';
import { moveBetweenDetails } from './moveBetweenDetails';

/** One line, with its detail when asked for. Plain elements: there are thousands. */
export const LogRow = memo(
  (props: {
    line: NumberedLine;
    showService: boolean;
    isTabStop: boolean;
    classes: LogClasses;
    onOpen: () => void;
  }) => {
    const { line, showService, isTabStop, classes, onOpen } = props;
    const { at, level, service, message, detail } = line;
    const [open, setOpen] = useState(false);
    const detailRef = useRef<HTMLPreElement>(null);
    useEffect(() => {
      if (!open) return;
      // Below the last line it would open out of sight.
      detailRef.current?.scrollIntoView?.({ block: 'nearest' });
      onOpen();
    }, [open, onOpen]);
    return (
      <div
        role="listitem"
        className={classNames(classes.line, level && classes[level])}
      >
        {detail ? (
          <button
            type="button"
            className={classes.toggle}
            aria-expanded={open}
            aria-label={`Detail of ${message.slice(0, 80)}`}
            tabIndex={isTabStop ? 0 : -1}
            onClick={() => setOpen(!open)}
            onKeyDown={moveBetweenDetails}
          >
            <span aria-hidden>{open ? '▾' : '▸'}</span>
          </button>
        ) : (
          <span />
        )}
        <time className={classes.time} dateTime={at} title={at}>
          {localTime(at)}
        </time>
        <span className={classes.level}>{level}</span>
        {showService && (
          <span className={classes.service}>
            {service && serviceLabel(service)}
          </span>
        )}
        <span className={classes.message}>{message}</span>
        {detail && open && (
          <pre ref={detailRef} className={classes.detail}>
            {prettyDetail(detail)}
          </pre>
        )}
      </div>
    );
  },
);
