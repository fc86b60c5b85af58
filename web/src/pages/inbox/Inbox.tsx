import { Anchor, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { client, trpc } from '../../api.ts';
import { FilterSelect } from '../../kit/FilterSelect.tsx';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { useUnread } from '../../kit/useUnread.ts';
import { Groups } from './Groups.tsx';
import { Offers } from './Offers.tsx';

/** What one was told of, by subject, live; and offers that wait for an answer. */
export default function Inbox() {
  const [which, setWhich] = useState('all');
  const [projectId, setProjectId] = useState<string | null>(null);
  const { total } = useUnread();
  const projects = useQuery(trpc.projects.list.queryOptions({ limit: 200 }));
  const isFiltered = which === 'unread' || projectId !== null;
  const filter = { unreadOnly: which === 'unread', ...(projectId === null ? {} : { projectId }) };
  const pages = usePages(trpc.notifications.groups.infiniteQueryOptions(filter, byCursor));
  const showAll = () => {
    setWhich('all');
    setProjectId(null);
  };
  return (
    <Page
      title="Inbox"
      lead="What concerns you, as it happens."
      actions={
        <>
          {total > 0 && (
            <ActionButton
              size="sm"
              label="Mark all as read"
              onAct={() => client.notifications.markAllRead.mutate({})}
            />
          )}
          <Button component={Link} to="/inbox/preferences" variant="default">
            Preferences
          </Button>
        </>
      }
    >
      <Offers />
      <Group align="end">
        <SegmentedControl
          aria-label="Which notifications"
          value={which}
          onChange={setWhich}
          data={[
            { value: 'all', label: 'All' },
            { value: 'unread', label: 'Unread' },
          ]}
        />
        <FilterSelect
          label="Project"
          all="All projects"
          data={(projects.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={projectId}
          onChange={setProjectId}
        />
      </Group>
      <PagedList
        pages={pages}
        what="your inbox"
        empty={
          isFiltered ? (
            <Empty message={which === 'unread' ? 'You have read everything.' : 'Nothing from this project.'}>
              <Button variant="default" onClick={showAll}>
                Show everything
              </Button>
            </Empty>
          ) : (
            <Empty message="Nothing has come yet. Mentions of you, answers and assignments will.">
              <Anchor component={Link} to="/projects">
                Go to your projects
              </Anchor>
            </Empty>
          )
        }
      >
        {(groups) => <Groups groups={groups} />}
      </PagedList>
      <Text size="sm" c="dimmed">
        Within the list, the keys ↓ and ↑ go from one to the next, Enter opens it and E marks it as read.
      </Text>
    </Page>
  );
}
