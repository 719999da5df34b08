import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { exactTime } from '../../parts/time.js';
import classes from './log.module.css';
import { type LogLine, plain } from './log-lines.js';

const LINE_PX = 20;
/** So near to the end counts as being there. */
const NEAR_PX = 40;

interface OutputLogProps {
  readonly lines: readonly LogLine[];
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

/** A log that stays at its end while one follows it, and where one is when one has scrolled up. */
export function OutputLog({ lines, isFollowing, onFollow }: OutputLogProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  // oxlint-disable-next-line react/incompatible-library -- used here alone: nothing memoized is given what it returns
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  const size = rows.getTotalSize();

  useEffect(() => {
    const element = scroll.current;
    if (isFollowing && element !== null && size > 0) element.scrollTop = element.scrollHeight;
  }, [isFollowing, size]);

  function onScroll(): void {
    const element = scroll.current;
    if (element === null) return;
    const isUp = element.scrollTop < lastTop.current - 1;
    lastTop.current = element.scrollTop;
    const isAtEnd = element.scrollHeight - element.clientHeight - element.scrollTop < NEAR_PX;
    if (isAtEnd && !isFollowing) onFollow(true);
    // Only a person scrolls up; lines that turn out higher than thought move the end away by themselves.
    else if (!isAtEnd && isUp && isFollowing) onFollow(false);
  }

  return (
    <section
      ref={scroll}
      className={classes.scroll}
      onScroll={onScroll}
      aria-label="Output of the run"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
      tabIndex={0} // oxlint-disable-line jsx-a11y/no-noninteractive-tabindex
    >
      <div className={classes.lines} style={{ height: size }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <div
              key={line.number}
              ref={rows.measureElement}
              data-index={index}
              className={classes.line}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span className={classes.number} title={exactTime(line.at)} aria-hidden>
                {line.number}
              </span>
              <span className={`${classes.text} ${classes[line.source] ?? ''}`}>
                {plain(line.text) || ' '}
              </span>
            </div>
          );
        })}
      </div>
    </section>
  );
}
