import { Paper, Text, Textarea, type TextareaProps } from '@mantine/core';
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { PersonAvatar } from '../kit/Person.tsx';
import { completeMention, mentionAt } from './mentionAt.ts';
import { useMentionable } from './useMentionable.ts';

export interface MarkdownFieldProps extends Omit<TextareaProps, 'value' | 'onChange'> {
  projectId: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
}

/** A field for Markdown; `@` suggests people of the project, to be chosen by arrows and Enter, or by pointer. */
export function MarkdownField({ projectId, value, onChange, onKeyDown, ...field }: MarkdownFieldProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [begun, setBegun] = useState<string>();
  const [at, setAt] = useState(0);
  const [caretAfter, setCaretAfter] = useState<number>();
  const people = useMentionable(projectId, begun);
  const isOpen = begun !== undefined && people.length > 0;
  const active = Math.min(at, people.length - 1);

  useLayoutEffect(() => {
    if (caretAfter !== undefined) area.current?.setSelectionRange(caretAfter, caretAfter);
  }, [caretAfter]);
  const look = (element: HTMLTextAreaElement) => {
    const next =
      element.selectionStart === element.selectionEnd
        ? mentionAt(element.value, element.selectionStart)
        : undefined;
    if (next !== begun) setAt(0);
    setBegun(next);
  };
  const choose = (username: string) => {
    const caret = area.current?.selectionStart ?? value.length;
    const completed = completeMention(value, caret, username);
    onChange(completed.text);
    setCaretAfter(completed.caret);
    setBegun(undefined);
    area.current?.focus();
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { key } = event;
    const chosen = isOpen ? people[active] : undefined;
    if (chosen && (key === 'ArrowDown' || key === 'ArrowUp')) {
      const step = key === 'ArrowDown' ? 1 : people.length - 1;
      setAt((active + step) % people.length);
    } else if (chosen && (key === 'Enter' || key === 'Tab') && !event.ctrlKey && !event.metaKey)
      choose(chosen.username);
    else if (isOpen && key === 'Escape') setBegun(undefined);
    else return onKeyDown?.(event);
    event.preventDefault();
    return event.stopPropagation();
  };
  const combobox = isOpen
    ? ({
        role: 'combobox',
        'aria-expanded': true,
        'aria-autocomplete': 'list',
        'aria-controls': listId,
        'aria-activedescendant': `${listId}-${active}`,
      } as const)
    : {};
  return (
    <div style={{ position: 'relative' }}>
      <Textarea
        autosize
        minRows={2}
        maxRows={14}
        {...field}
        {...combobox}
        ref={area}
        value={value}
        onChange={({ currentTarget }) => {
          setCaretAfter(undefined);
          onChange(currentTarget.value);
          look(currentTarget);
        }}
        onClick={({ currentTarget }) => look(currentTarget)}
        onKeyUp={({ key, currentTarget }) => {
          if (/^(Arrow(Left|Right)|Home|End)$/.test(key)) look(currentTarget);
        }}
        onBlur={() => setBegun(undefined)}
        onKeyDown={press}
      />
      {isOpen && (
        <Paper
          withBorder
          shadow="md"
          className="mention-list"
          role="listbox"
          id={listId}
          aria-label="People to mention"
        >
          {people.map(({ id, name, username }, index) => (
            // The field keeps the focus, and the keys.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={id}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(username)}
            >
              <PersonAvatar name={name} />
              <Text span size="sm">
                {name} <span className="dimmed">@{username}</span>
              </Text>
            </div>
          ))}
        </Paper>
      )}
    </div>
  );
}
