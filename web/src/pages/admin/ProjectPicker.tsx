import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { trpc } from '../../api.ts';

/** A project, as far as a picker knows it. */
export interface PickedProject {
  id: string;
  name: string;
}

interface ProjectPickerProps {
  label: string;
  description?: string;
  value: PickedProject | null;
  onChange: (project: PickedProject | null) => void;
}

/** Finds a project that one may see. */
export function ProjectPicker({ value, onChange, ...field }: ProjectPickerProps) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 150);
  const isSearch = text.length > 0 && text !== value?.name;
  const found = useQuery({
    ...trpc.projects.search.queryOptions({ text, limit: 10 }),
    enabled: isSearch,
    placeholderData: keepPreviousData,
  });
  const own = useQuery(trpc.projects.list.queryOptions({ limit: 10 }));
  const items = (isSearch ? found.data?.items : own.data?.items) ?? [];
  const shown: PickedProject[] =
    value && !items.some(({ id }) => id === value.id) ? [value, ...items] : [...items];
  return (
    <Select
      {...field}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear the project' }}
      placeholder="None"
      nothingFoundMessage="No project is called so"
      data={shown.map(({ id, name }) => ({ value: id, label: name }))}
      // The server has searched; its answer is shown as it is.
      filter={({ options }) => options}
      value={value?.id ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id) => onChange(shown.find((project) => project.id === id) ?? null)}
    />
  );
}
