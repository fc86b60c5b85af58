import type { ErrorComponentProps } from '@tanstack/react-router';
import { FailureNotice } from '../kit/FailureNotice.tsx';
import { Page } from '../kit/Page.tsx';

/** What is shown where a page threw: the rest of the console stays usable. */
export const PageFailure = ({ error, reset }: ErrorComponentProps) => (
  <Page title="This page failed">
    <FailureNotice error={error} onRetry={reset} />
  </Page>
);
