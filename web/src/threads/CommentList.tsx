import { Button, Center, Loader } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { CommentItem } from './CommentItem.tsx';
import type { Unsent } from './Outbox.ts';
import { UnsentItem } from './UnsentItem.tsx';
import type { CommentView } from './useThread.ts';

export interface CommentListProps {
  projectId: string;
  /** Oldest first. */
  comments: readonly CommentView[];
  /** One's own that the server has not told of yet. */
  unsent: readonly Unsent[];
  hasEarlier: boolean;
  isLoadingEarlier: boolean;
  onEarlier: () => void;
  /** Height of the window onto a long list, as CSS writes it. */
  height: string;
}

/** So many stand in the page as they are. */
const most = 25;
/** Pixels, until a comment was measured. */
const estimate = 110;

type Entry = { key: string; comment: CommentView } | { key: string; unsent: Unsent };

const toEntries = ({ comments, unsent }: Pick<CommentListProps, 'comments' | 'unsent'>): Entry[] => [
  ...comments.map((comment) => ({ key: comment.id, comment })),
  ...unsent.map((each) => ({ key: each.mutationId, unsent: each })),
];

const show = (projectId: string, entry: Entry) =>
  'comment' in entry ? (
    <CommentItem projectId={projectId} comment={entry.comment} />
  ) : (
    <UnsentItem unsent={entry.unsent} />
  );

/** A thread's comments: all of a short one, and a window onto a long one that begins at its end. */
export function CommentList(props: CommentListProps) {
  const entries = toEntries(props);
  if (props.hasEarlier || entries.length > most) return <LongList {...props} entries={entries} />;
  return (
    <div role="list" aria-label="Comments">
      {entries.map((entry) => (
        <div key={entry.key} role="listitem">
          {show(props.projectId, entry)}
        </div>
      ))}
    </div>
  );
}

/** Readers are told each comment's place among those that were loaded; older ones come as one scrolls up. */
function LongList({
  projectId,
  entries,
  hasEarlier,
  isLoadingEarlier,
  onEarlier,
  height,
}: CommentListProps & { entries: Entry[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  // It is asked anew in each render, and given to nothing that remembers it.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: 5,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: 40,
  });
  const shown = virtual.getVirtualItems();
  const isAtStart = shown[0]?.index === 0 && (virtual.scrollOffset ?? 0) < 200;
  const isPlaced = useRef(false);
  useLayoutEffect(() => {
    virtual.scrollToEnd();
    isPlaced.current = true;
    // Once, when the list appears: it begins at its end.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  useEffect(() => {
    if (isPlaced.current && isAtStart && hasEarlier && !isLoadingEarlier && virtual.scrollOffset !== null)
      onEarlier();
    // onEarlier is made anew each time; what it does is the same.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isAtStart, hasEarlier, isLoadingEarlier, entries.length]);
  return (
    <>
      <Center mih={30}>
        {hasEarlier ? (
          <Button size="compact-xs" variant="default" loading={isLoadingEarlier} onClick={onEarlier}>
            Show earlier comments
          </Button>
        ) : (
          isLoadingEarlier && <Loader size="xs" />
        )}
      </Center>
      <div
        ref={scroller}
        className="comment-scroller"
        style={{ height }}
        // What scrolls can be reached by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label="Comments, scrolling"
      >
        <div
          role="list"
          aria-label="Comments"
          style={{ height: virtual.getTotalSize(), position: 'relative' }}
        >
          {shown.map(({ key, index, start }) => (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              role="listitem"
              aria-setsize={hasEarlier ? -1 : entries.length}
              aria-posinset={index + 1}
              style={{ position: 'absolute', insetInline: 0, transform: `translateY(${start}px)` }}
            >
              {show(projectId, entries[index] as Entry)}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}
