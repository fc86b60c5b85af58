import { Button, Group, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../../api.ts';
import type { ActorRef } from '../../../kit/Person.tsx';
import { FilterSelect } from '../../../kit/FilterSelect.tsx';
import { PagedList } from '../../../kit/PagedList.tsx';
import { PersonPicker } from '../../../kit/PersonPicker.tsx';
import type { Pages } from '../../../kit/usePages.ts';
import { AuditTable } from './AuditTable.tsx';
import { namedIn } from './describeRow.ts';

export type AuditRow = Outputs['audit']['system']['items'][number];

/** What narrows the log. */
export interface AuditFilter {
  actorId?: string;
  action?: string;
  entityType?: string;
  entityId?: string;
  fromAt?: Date;
  toAt?: Date;
}

const actions = [
  { value: 'create', label: 'Made' },
  { value: 'update', label: 'Changed' },
  { value: 'delete', label: 'Deleted' },
  { value: 'deny', label: 'Refused' },
];

/** The most ids that names are asked for at once. */
const mostNamed = 200;

interface FiltersProps {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}

/** The day's beginning and end as the reader's clock has it. */
const startOf = (day: string) => (day ? new Date(`${day}T00:00:00`) : undefined);
function endOf(day: string): Date | undefined {
  const end = startOf(day);
  end?.setDate(end.getDate() + 1);
  return end;
}

const without = <K extends keyof AuditFilter>(
  filter: AuditFilter,
  key: K,
  value: AuditFilter[K] | undefined,
) => {
  const { [key]: _, ...rest } = filter;
  return (value === undefined || value === '' ? rest : { ...rest, [key]: value }) as AuditFilter;
};

export function AuditFilters({ filter, onChange }: FiltersProps) {
  const [person, setPerson] = useState<ActorRef | null>(null);
  const given = useQuery({
    ...trpc.actors.named.queryOptions({ actorIds: [filter.actorId ?? ''] }),
    enabled: filter.actorId !== undefined && person === null,
  });
  const set = <K extends keyof AuditFilter>(key: K, value: AuditFilter[K] | undefined) =>
    onChange(without(filter, key, value));
  return (
    <Group align="end" gap="sm" role="search" aria-label="Filter the log">
      <PersonPicker
        label="Person"
        value={filter.actorId === undefined ? null : (person ?? given.data?.items[0] ?? null)}
        onChange={(actor) => {
          setPerson(actor);
          set('actorId', actor?.id);
        }}
      />
      <FilterSelect
        label="What happened"
        all="All that happened"
        data={actions}
        value={filter.action ?? null}
        onChange={(action) => set('action', action ?? undefined)}
      />
      <TextInput
        label="Kind of thing"
        placeholder="projects"
        value={filter.entityType ?? ''}
        onChange={(event) => set('entityType', event.currentTarget.value.trim())}
      />
      <TextInput
        label="Its id"
        value={filter.entityId ?? ''}
        onChange={(event) => set('entityId', event.currentTarget.value.trim())}
      />
      <TextInput
        label="From"
        type="date"
        onChange={(event) => set('fromAt', startOf(event.currentTarget.value))}
      />
      <TextInput label="To" type="date" onChange={(event) => set('toAt', endOf(event.currentTarget.value))} />
    </Group>
  );
}

/** Rows of the log in all their states, with the names of who did it. */
export function AuditList({ pages }: { pages: Pages<AuditRow> }) {
  const ids = [...new Set(pages.items?.flatMap(namedIn))].slice(0, mostNamed);
  const named = useQuery({
    ...trpc.actors.named.queryOptions({ actorIds: ids }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
  const names = new Map(named.data?.items.map((actor) => [actor.id, actor]));
  return (
    <PagedList pages={pages} what="the log" empty="Nothing of this kind is in the log.">
      {(rows) => <AuditTable rows={rows} names={names} />}
    </PagedList>
  );
}

interface ExportButtonsProps {
  onExport: (format: 'csv' | 'json') => Promise<unknown>;
}

export function ExportButtons({ onExport }: ExportButtonsProps) {
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const start = (format: 'csv' | 'json') => {
    setBusy(format);
    setFailure(undefined);
    onExport(format)
      .catch(() => setFailure('The log could not be read. Try again.'))
      .finally(() => setBusy(undefined));
  };
  return (
    <>
      {(['csv', 'json'] as const).map((format) => (
        <Button key={format} variant="default" loading={busy === format} onClick={() => start(format)}>
          Download as {format.toUpperCase()}
        </Button>
      ))}
      {failure && (
        <Text role="alert" size="sm">
          {failure}
        </Text>
      )}
    </>
  );
}
