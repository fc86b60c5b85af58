import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { trpc } from '../api.ts';
import type { ActorRef } from './Person.tsx';

export interface PersonPickerProps {
  label: string;
  value: ActorRef | null;
  onChange: (actor: ActorRef | null) => void;
  description?: ReactNode;
  error?: string | undefined;
  required?: boolean;
}

/** Finds a person or an organization by the beginning of the name or username. */
export function PersonPicker({ value, onChange, ...field }: PersonPickerProps) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 150);
  const isChosen = value !== null && typed === nameOf(value);
  const { data } = useQuery({
    ...trpc.actors.search.queryOptions({ text }),
    enabled: text.length >= 2 && !isChosen,
    placeholderData: keepPreviousData,
  });
  const found = data?.items ?? [];
  const shown = value && !found.some(({ id }) => id === value.id) ? [value, ...found] : found;
  return (
    <Select
      {...field}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear' }}
      placeholder="Type two letters or more"
      nothingFoundMessage={text.length < 2 ? 'Type two letters or more' : 'Nobody is called so'}
      data={shown.map((actor) => ({ value: actor.id, label: nameOf(actor) }))}
      // The server has searched; its answer is shown as it is.
      filter={({ options }) => options}
      value={value?.id ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id) => onChange(shown.find((actor) => actor.id === id) ?? null)}
    />
  );
}

const nameOf = ({ name, username }: ActorRef) => `${name} (@${username})`;
