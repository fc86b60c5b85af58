import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** Leads to the job that credits were for, where its project still is. */
export const JobLink = ({ projectId, jobId }: { projectId: string | null; jobId: string | null }) =>
  projectId && jobId ? (
    <Anchor component={Link} inherit to={`/projects/${projectId}/jobs/${jobId}`}>
      Its job
    </Anchor>
  ) : (
    <Text span inherit c="dimmed">
      none
    </Text>
  );
