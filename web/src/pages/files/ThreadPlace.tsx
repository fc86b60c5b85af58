import { useParams } from '@tanstack/react-router';
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useProjectId } from '../../kit/useProjectId.ts';
import { Thread } from '../../threads/Thread.tsx';
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

/** What each kind of subject is called, and the page that has it. */
const subjects: Record<string, { name: string; to: string }> = {
  issue: { name: 'an issue', to: 'issues' },
  task: { name: 'a task', to: 'tasks' },
  milestone: { name: 'a milestone', to: 'tasks' },
  job: { name: 'a job', to: 'jobs' },
};

function Place({ thread }: { thread: ThreadView }) {
  const { projectId, filePath, lineStart, lineEnd, id, placement, subjectType } = thread;
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
  const subject = subjects[subjectType ?? ''];
  return subject ? (
    <Anchor component={Link} to={`/projects/${projectId}/${subject.to}`} underline="always">
      About {subject.name}
    </Anchor>
  ) : (
    <Text span>About {subjectType === 'project' ? 'the project' : `a ${subjectType}`}</Text>
  );
}
