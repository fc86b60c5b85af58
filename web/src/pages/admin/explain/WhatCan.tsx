import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../../api.ts';
import { failureOf } from '../../../kit/failureOf.ts';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { Sources } from './Sources.tsx';

/** All that somebody may do, by noun, and the roles that it comes from. */
export function WhatCan({ actorId, projectId }: { actorId: string; projectId: string | undefined }) {
  const { data, error: latest } = useQuery(
    trpc.policies.whatCan.queryOptions({ actorId, ...(projectId ? { projectId } : {}) }),
  );
  const error = failureOf({ data, error: latest });
  if (error) return <FailureNotice error={error} />;
  if (!data) return <Loading what="what they can do" />;
  const groups = Map.groupBy(data.permissions, (permission) => permission.split('.')[0] ?? '');
  return (
    <Stack gap="sm">
      <section aria-label="Their roles">
        <Title order={2} size="h5">
          Their roles
        </Title>
        <Sources roles={data.roles} />
      </section>
      <section aria-label="What they can do">
        <Title order={2} size="h5">
          {data.permissions.length} permissions
        </Title>
        <dl className="permission-list">
          {[...groups].map(([noun, list]) => (
            <div key={noun}>
              <dt>{noun}</dt>
              <dd>
                <Text size="sm">
                  {list.map((permission) => permission.slice(noun.length + 1)).join(', ')}
                </Text>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </Stack>
  );
}
