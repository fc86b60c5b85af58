import { Select } from '@mantine/core';
import { useState } from 'react';
import { useMentionable } from '../threads/useMentionable.ts';
import type { ActorRef } from './Person.tsx';

export interface MemberPickerProps {
  projectId: string;
  label: string;
  value: ActorRef | null;
  onChange: (actor: ActorRef | null) => void;
  /** What an empty field means. */
  placeholder?: string;
  name?: string;
  error?: string | undefined;
}

/** Chooses somebody of the project; it may stay empty. */
export function MemberPicker({ projectId, value, onChange, ...field }: MemberPickerProps) {
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const isChosen = value !== null && typed === nameOf(value);
  const found = useMentionable(projectId, isOpen ? (isChosen ? '' : typed.trim()) : undefined);
  const shown = value && !found.some(({ id }) => id === value.id) ? [value, ...found] : found;
  return (
    <Select
      {...field}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${field.label.toLowerCase()}` }}
      nothingFoundMessage="Nobody in the project is called so"
      data={shown.map((actor) => ({ value: actor.id, label: nameOf(actor) }))}
      // The server has searched; its answer is shown as it is.
      filter={({ options }) => options}
      value={value?.id ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      onChange={(id) => onChange(shown.find((actor) => actor.id === id) ?? null)}
    />
  );
}

const nameOf = ({ name, username }: ActorRef) => `${name} (@${username})`;
