import { Alert, List, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { trpc } from '../../../api.ts';
import { failureOf } from '../../../kit/failureOf.ts';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { describeRule, keyOf } from '../policy/rules.ts';
import { Sources } from './Sources.tsx';
import { reasons } from './describe.ts';

interface AnswerProps {
  actorId: string | null;
  permission: string;
  projectId: string | undefined;
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title}>
    <Title order={2} size="h5">
      {title}
    </Title>
    {children}
  </section>
);

/** A call decided as it would be now, with all that the decision rests on. */
export function Answer({ actorId, permission, projectId }: AnswerProps) {
  const { data, error: latest } = useQuery(
    trpc.policies.explain.queryOptions({ actorId, permission, ...(projectId ? { projectId } : {}) }),
  );
  const error = failureOf({ data, error: latest });
  if (error) return <FailureNotice error={error} />;
  if (!data) return <Loading what="the answer" />;
  const isAllowed = data.decision === 'allow';
  const others = data.matching.filter((rule) => !data.rule || keyOf(rule) !== keyOf(data.rule));
  return (
    <Stack gap="sm">
      <Alert
        role="status"
        color={isAllowed ? 'green' : 'red'}
        variant="light"
        icon={isAllowed ? <IconCheck aria-hidden /> : <IconX aria-hidden />}
        title={isAllowed ? `Yes, they may ${permission}.` : `No, they may not ${permission}.`}
      >
        {reasons[data.reason]}
        {data.rule && ` It is: ${describeRule(data.rule)}.`}
        {projectId !== undefined &&
          data.projectId === null &&
          ' It takes no project, so only roles held everywhere count.'}
      </Alert>
      {data.furtherRules.length > 0 && (
        <Part title="Besides roles, it asks">
          <List size="sm">
            {data.furtherRules.map((rule) => (
              <List.Item key={rule}>{rule}</List.Item>
            ))}
          </List>
        </Part>
      )}
      <Part title="Their roles">
        <Sources roles={data.roles} />
      </Part>
      {others.length > 0 && (
        <Part title="Other rules that speak of it">
          <List size="sm">
            {others.map((rule) => (
              <List.Item key={keyOf(rule)}>{describeRule(rule)}</List.Item>
            ))}
          </List>
        </Part>
      )}
      <Part title={isAllowed ? 'Roles that allow it' : 'What would allow it'}>
        <Text size="sm">
          {data.grantedBy.length === 0
            ? 'No role does.'
            : `${data.grantedBy.join(', ')}${data.grantedBy.length > 1 ? ' (the least first)' : ''}.`}
        </Text>
      </Part>
    </Stack>
  );
}
