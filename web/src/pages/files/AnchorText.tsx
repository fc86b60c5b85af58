import { Text } from '@mantine/core';
import type { ThreadView } from '../../threads/useThread.ts';
import { FileLink } from './FileLink.tsx';
import { nameLines } from './places.ts';

/** What a thread was opened on, where it no longer stands so in the file. */
export function AnchorText({ thread }: { thread: ThreadView }) {
  const { anchor, projectId, id } = thread;
  if (!anchor || thread.placement === 'current') return null;
  const lines = { start: anchor.lineStart, end: anchor.lineEnd };
  const { path, version } = anchor;
  return (
    <figure className="anchor-text">
      <figcaption>
        <Text size="xs" c="dimmed">
          This was commented:{' '}
          <FileLink projectId={projectId} place={{ path, version, lines, threadId: id }}>
            {nameLines(lines)} of version {version}
          </FileLink>
        </Text>
      </figcaption>
      {/* What scrolls can be reached by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label="What was commented">
        {anchor.text}
      </pre>
    </figure>
  );
}
