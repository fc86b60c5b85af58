import { Typography } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type MouseEvent, useMemo } from 'react';
import { renderMarkdown } from './renderMarkdown.ts';

/** What `Markdown` shows once it has come. */
export default function MarkdownHtml({ source }: { source: string }) {
  const { projectId }: { projectId?: string } = useParams({ strict: false });
  const navigate = useNavigate();
  const html = useMemo(() => ({ __html: renderMarkdown(source, projectId) }), [source, projectId]);
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const path = link?.getAttribute('href');
    if (!path?.startsWith('/') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void navigate({ to: path });
  };
  return (
    <Typography className="markdown">
      {/* The links in it are links: Enter clicks them. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div dangerouslySetInnerHTML={html} onClick={follow} />
    </Typography>
  );
}
