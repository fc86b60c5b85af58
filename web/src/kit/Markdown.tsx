import { Text } from '@mantine/core';
import { Suspense, lazy } from 'react';

/** What reads Markdown is large: the text is there before it. */
const MarkdownHtml = lazy(() => import('./MarkdownHtml.tsx'));

/** Shows what somebody wrote in Markdown, harmless whatever it holds. Within a project `#12` leads to that issue. */
export const Markdown = ({ source }: { source: string }) => (
  <Suspense
    fallback={
      <Text className="markdown" style={{ whiteSpace: 'pre-wrap' }}>
        {source}
      </Text>
    }
  >
    <MarkdownHtml source={source} />
  </Suspense>
);
