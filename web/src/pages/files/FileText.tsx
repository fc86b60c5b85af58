import { Paper } from '@mantine/core';
import { Suspense, lazy, useEffect, useState } from 'react';
import type { Outputs } from 'tessera-client';
import { Loading } from '../../kit/Loading.tsx';
import { useAccount } from '../../kit/useAccount.ts';
import { useRight } from '../../kit/useRight.ts';
import { type Unsent, outbox } from '../../threads/Outbox.ts';
import { readKept } from '../../threads/kept.ts';
import { useSettled, useUnsent } from '../../threads/useUnsent.ts';
import { type Beside, CodeView } from './CodeView.tsx';
import { ThreadCard } from './ThreadCard.tsx';
import { type Lines, nameLines, parseLines, writeLines } from './places.ts';
import type { ShownThread } from './useFileThreads.ts';
import { useSelection } from './useSelection.ts';

/** What one writes with comes after what one reads. */
const loadComposer = async () => ({ default: (await import('../../threads/Composer.tsx')).Composer });
const Composer = lazy(loadComposer);
const UnsentItem = lazy(async () => ({ default: (await import('../../threads/UnsentItem.tsx')).UnsentItem }));

export interface FileTextProps {
  projectId: string;
  file: Outputs['repositories']['file'];
  /** Those to be shown at their lines. */
  threads: readonly ShownThread[];
  /** All that the server has told of. */
  known: readonly ShownThread[];
  openThreadId: string | undefined;
  onOpenThread: (id: string | undefined) => void;
  isWide: boolean;
}

/** Lines that are being commented, and in which version. */
interface Opening extends Lines {
  version: number;
}

const draftOf = (projectId: string, path: string, lines: Lines) =>
  `new:${projectId}:${path}:${writeLines(lines)}`;

/** A file's lines, the threads at them, and the field that opens a new one. */
export function FileText(props: FileTextProps) {
  const { projectId, file, threads, known, openThreadId, onOpenThread, isWide } = props;
  const { path, version } = file;
  const actorId = useAccount().data?.id ?? '';
  const mayOpen = useRight('threads.create', projectId);
  const selection = useSelection();
  // What was begun before a reload is gone on with.
  const [opening, setOpening] = useState<Opening | null>(() => {
    const lines = parseLines(selection.lines ? writeLines(selection.lines) : '');
    const isBegun = lines && readKept(actorId, `draft:${draftOf(projectId, path, lines)}`) !== null;
    return isBegun ? { ...lines, version } : null;
  });
  useEffect(() => {
    // It is there by the time when lines are chosen; if not, it is asked for then.
    loadComposer().catch(() => {});
  }, []);
  const ids = new Set(known.map(({ thread }) => thread.id));
  const unsent = useUnsent().filter(
    (each) => each.projectId === projectId && each.opens?.filePath === path && !ids.has(each.threadId),
  );
  useSettled(ids);

  const close = () => {
    setOpening(null);
    // Whoever goes on by keyboard goes on from the line.
    const number = `[data-number="${selection.active}"]`;
    requestAnimationFrame(() => document.querySelector<HTMLElement>(number)?.focus({ preventScroll: true }));
  };
  const open = (body: string) => {
    if (!opening) return;
    const { start, end } = opening;
    outbox.add({
      projectId,
      threadId: crypto.randomUUID(),
      body,
      opens: { filePath: path, lineStart: start, lineEnd: end, version: opening.version },
    });
    close();
    selection.clear();
  };
  const beside: Beside[] = [
    ...threads.map((shown) => asThread(shown)),
    ...unsent.map((each) => asUnsent(each)),
    ...(opening ? [asField(opening)] : []),
  ].toSorted((a, b) => a.from - b.from);
  return (
    <CodeView
      path={path}
      text={file.text}
      selection={selection}
      beside={beside}
      openKey={opening ? 'opening' : openThreadId}
      isWide={isWide}
      onComment={mayOpen ? (lines) => setOpening({ ...lines, version }) : undefined}
    />
  );

  function asThread(shown: ShownThread): Beside {
    const { id, lineStart, lineEnd } = shown.thread;
    const isOpen = id === openThreadId;
    const toggle = () => onOpenThread(isOpen ? undefined : id);
    return {
      key: id,
      from: lineStart ?? 1,
      line: lineEnd ?? 1,
      isThread: true,
      content: <ThreadCard shown={shown} isOpen={isOpen} onToggle={toggle} />,
    };
  }

  function asUnsent(each: Unsent): Beside {
    return {
      // The thread that comes of it stands where it stood.
      key: each.threadId,
      from: each.opens?.lineStart ?? 1,
      line: each.opens?.lineEnd ?? 1,
      isThread: false,
      content: (
        <Paper withBorder p="xs" className="thread-card">
          <Suspense>
            <UnsentItem unsent={each} />
          </Suspense>
        </Paper>
      ),
    };
  }

  function asField(lines: Opening): Beside {
    const draft = draftOf(projectId, path, lines);
    return {
      key: 'opening',
      from: lines.start,
      line: lines.end,
      isThread: false,
      content: (
        <Paper withBorder shadow="md" p="xs" className="thread-card">
          <Suspense fallback={<Loading what="the field" />}>
            <Composer
              key={draft}
              projectId={projectId}
              draft={draft}
              label={`New thread on ${nameLines(lines)}`}
              submit="Comment"
              onSubmit={open}
              onCancel={close}
              autoFocus
            />
          </Suspense>
        </Paper>
      ),
    };
  }
}
