import { useParams } from '@tanstack/react-router';
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useProjectId } from '../../kit/useProjectId.ts';
import { Thread } from '../../threads/Thread.tsx';
import { subjectOf } from '../../threads/subjectOf.ts';
import { type ThreadView, useThread } from '../../threads/useThread.ts';
import { AnchorText } from './AnchorText.tsx';
import { FileLink } from './FileLink.tsx';
import { nameLines } from './places.ts';

/** A thread on a page of its own: where its address leads, whatever it is about. */
export default function ThreadPlace() {
  const projectId = useProjectId();
  const { threadId = '' }: { threadId?: string } = useParams({ strict: false });
  const crumbs = [{ label: 'Threads', to: `/projects/${projectId}/threads` }];
  const { thread } = useThread(projectId, threadId);
  return (
    <ProjectPage title={thread?.title ?? 'Thread'} breadcrumbs={crumbs}>
      {() => (
        <div style={{ maxWidth: '52rem' }}>
          <Thread
            key={threadId}
            projectId={projectId}
            threadId={threadId}
            name="this thread"
            height="calc(100dvh - 30rem)"
            before={thread && <Place thread={thread} />}
            about={thread && <AnchorText thread={thread} />}
          />
        </div>
      )}
    </ProjectPage>
  );
}

function Place({ thread }: { thread: ThreadView }) {
  const { projectId, filePath, lineStart, lineEnd, id, placement } = thread;
  if (filePath !== null && lineStart !== null && lineEnd !== null) {
    const lines = { start: lineStart, end: lineEnd };
    return placement === 'gone' ? (
      <Text span>{filePath}</Text>
    ) : (
      <FileLink projectId={projectId} place={{ path: filePath, lines, threadId: id }}>
        {filePath}, {nameLines(lines)}
      </FileLink>
    );
  }
  const subject = subjectOf(thread);
  return (
    subject && (
      <Anchor component={Link} to={subject.to} underline="always">
        About {subject.name}
      </Anchor>
    )
  );
}
