import { Button, Menu } from '@mantine/core';
import { IconBell, IconBellOff, IconBellRinging, IconStar, IconStarFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, queryClient, trpc } from '../api.ts';
import { tellFailure } from '../kit/ActionButton.tsx';
import { useLiveProject, useProjectEvents } from '../kit/live/useLiveProject.ts';
import { formatCount } from '../kit/numbers.tsx';
import { useRights } from '../kit/useRight.ts';

const levels = [
  { level: 'all', label: 'Everything', what: 'Every new thread, issue and comment', Icon: IconBellRinging },
  { level: 'participating', label: 'What I take part in', what: 'And mentions of me', Icon: IconBell },
  { level: 'none', label: 'Mentions only', what: 'Nothing else', Icon: IconBellOff },
] as const;

type Level = (typeof levels)[number]['level'];

function Star({ projectId }: { projectId: string }) {
  const [isBusy, setBusy] = useState(false);
  const options = trpc.stars.list.queryOptions({ projectId, limit: 1 });
  const { data } = useQuery(options);
  const stars = useLiveProject(projectId).state?.counts.stars ?? 0;
  const renew = () => queryClient.invalidateQueries({ queryKey: trpc.stars.list.pathKey() });
  useProjectEvents(projectId, ({ type }) => {
    if (type === 'star.added' || type === 'star.removed' || type === 'resync') void renew();
  });
  const has = (data?.items.length ?? 0) > 0;
  const change = () => {
    setBusy(true);
    (has ? client.stars.remove.mutate({ projectId }) : client.stars.set.mutate({ projectId }))
      .then(renew, tellFailure)
      .finally(() => setBusy(false));
  };
  return (
    <Button
      size="xs"
      variant="default"
      aria-pressed={has}
      disabled={!data}
      loading={isBusy}
      leftSection={has ? <IconStarFilled size={16} aria-hidden /> : <IconStar size={16} aria-hidden />}
      onClick={change}
    >
      Star ({formatCount(stars)})
    </Button>
  );
}

function Watch({ projectId }: { projectId: string }) {
  const { data } = useQuery(trpc.watches.list.queryOptions({ projectId, limit: 1 }));
  const chosen = data?.items[0]?.level ?? 'participating';
  const now = levels.find(({ level }) => level === chosen) ?? levels[1];
  const choose = (level: Level) => {
    client.watches.set
      .mutate({ projectId, level })
      .then(() => queryClient.invalidateQueries({ queryKey: trpc.watches.list.pathKey() }), tellFailure);
  };
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          aria-label={`Tell me of: ${now.label}`}
          leftSection={<now.Icon size={16} aria-hidden />}
        >
          {now.label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label="Tell me of">
        <Menu.RadioGroup value={chosen} onChange={(level) => choose(level as Level)}>
          {levels.map(({ level, label, what, Icon }) => (
            <Menu.RadioItem
              key={level}
              value={level}
              closeMenuOnClick
              rightSection={<Icon size={16} aria-hidden />}
            >
              {label}
              <br />
              <span className="dimmed">{what}</span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

/** One's star for the project, and how much one wants to hear of it. */
export default function StarAndWatch({ projectId }: { projectId: string }) {
  const { may } = useRights(projectId);
  return (
    <>
      {may('stars.set') && <Star projectId={projectId} />}
      {may('watches.set') && <Watch projectId={projectId} />}
    </>
  );
}
