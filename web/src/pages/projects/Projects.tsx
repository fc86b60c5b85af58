import { Anchor, Badge, Button, Group, Paper, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../api.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { UnreadBadge } from '../../kit/UnreadBadge.tsx';
import { useRight } from '../../kit/useRight.ts';
import { useUnread } from '../../kit/useUnread.ts';
import { Deleted } from './Deleted.tsx';

type Whole = Outputs['projects']['list']['items'][number];
/** A star names a project by less than the other lists do. */
type Project = Pick<Whole, 'id' | 'name'> & Partial<Pick<Whole, 'description' | 'visibility' | 'updatedAt'>>;

/** What a project has that its reader has not read. */
const Unread = ({ projectId }: { projectId: string }) => (
  <UnreadBadge count={useUnread().ofProject(projectId)} />
);

const Cards = ({ projects }: { projects: readonly Project[] }) => (
  <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Projects">
    {projects.map(({ id, name, description, visibility, updatedAt }) => (
      <Paper key={id} component="li" withBorder p="md">
        <Group justify="space-between" wrap="nowrap" align="start">
          <div>
            <Anchor component={Link} to={`/projects/${id}`} fw={600}>
              {name}
            </Anchor>
            {description && <Text lineClamp={2}>{description}</Text>}
            {updatedAt && (
              <Text size="sm" c="dimmed">
                Changed <Time at={updatedAt} />
              </Text>
            )}
          </div>
          <Group gap="xs" wrap="nowrap">
            <Unread projectId={id} />
            {visibility && (
              <Badge variant="default" tt="none" miw="max-content">
                {visibility === 'public' ? 'Public' : 'Private'}
              </Badge>
            )}
          </Group>
        </Group>
      </Paper>
    ))}
  </Stack>
);

function Own() {
  const pages = usePages(trpc.projects.list.infiniteQueryOptions({}, byCursor));
  const mayCreate = useRight('projects.create');
  return (
    <PagedList
      pages={pages}
      what="your projects"
      empty={
        <Empty message="You are in no project yet.">
          {mayCreate && (
            <Button component={Link} to="/projects/new">
              Make your first project
            </Button>
          )}
        </Empty>
      }
    >
      {(projects) => <Cards projects={projects} />}
    </PagedList>
  );
}

function Starred() {
  const pages = usePages(trpc.stars.list.infiniteQueryOptions({}, byCursor));
  return (
    <PagedList pages={pages} what="starred projects" empty="You have starred no project yet.">
      {(stars) => <Cards projects={stars.map(({ project }) => project)} />}
    </PagedList>
  );
}

function Found({ text }: { text: string }) {
  const pages = usePages(trpc.projects.search.infiniteQueryOptions({ text }, byCursor));
  return (
    <PagedList pages={pages} what="what was found" empty={`No project that you may see is called “${text}”.`}>
      {(projects) => <Cards projects={projects} />}
    </PagedList>
  );
}

const shown: Record<string, () => ReactNode> = {
  own: () => <Own />,
  starred: () => <Starred />,
  deleted: () => <Deleted />,
};

/** One's projects, those one has starred, those to restore, and a search through all that one may see. */
export default function Projects() {
  const [typed, setTyped] = useState('');
  const [which, setWhich] = useState('own');
  const [text] = useDebouncedValue(typed.trim(), 200);
  const mayCreate = useRight('projects.create');
  return (
    <Page
      title="Projects"
      actions={
        mayCreate && (
          <Button component={Link} to="/projects/new">
            New project
          </Button>
        )
      }
    >
      <Group align="end">
        <TextInput
          label="Search all projects"
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {text === '' && (
          <SegmentedControl
            aria-label="Which projects"
            value={which}
            onChange={setWhich}
            data={[
              { value: 'own', label: 'Mine' },
              { value: 'starred', label: 'Starred' },
              { value: 'deleted', label: 'Deleted' },
            ]}
          />
        )}
      </Group>
      {text === '' ? shown[which]?.() : <Found text={text} />}
    </Page>
  );
}
