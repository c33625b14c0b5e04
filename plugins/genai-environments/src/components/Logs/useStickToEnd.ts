import {
  RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

/** As near to its end as this, an element counts as being there. */
const SLACK_PX = 24;

/**
 * Keeps an element scrolled to its end when `content` changes, unless the user has
 * scrolled away from it. `measure` is to be called when the element is scrolled, and when
 * it has grown for another reason, so that what the user looks at stays.
 */
export function useStickToEnd<T extends HTMLElement>(
  content: unknown,
): {
  ref: RefObject<T>;
  atEnd: boolean;
  measure: () => void;
  scrollToEnd: () => void;
} {
  const ref = useRef<T>(null);
  const [atEnd, setAtEnd] = useState(true);

  const measure = useCallback(() => {
    if (ref.current) setAtEnd(isAtEnd(ref.current));
  }, []);
  const scrollToEnd = useCallback(() => {
    const element = ref.current;
    if (element) element.scrollTop = element.scrollHeight;
    setAtEnd(true);
  }, []);
  useLayoutEffect(() => {
    if (atEnd) scrollToEnd();
    else measure();
  }, [content, atEnd, scrollToEnd, measure]);
  return { ref, atEnd, measure, scrollToEnd };
}

function isAtEnd(element: HTMLElement): boolean {
  const { scrollHeight, scrollTop, clientHeight } = element;
  return scrollHeight - scrollTop - clientHeight <= SLACK_PX;
}
