import { Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { FailureNotice } from '../kit/FailureNotice.tsx';
import { formatCount } from '../kit/numbers.tsx';
import { type Found, type FoundKind, groupFound, headingOf, isGuess, useFound } from './found.ts';

export interface SearchBoxProps {
  label: string;
  description?: string;
  placeholder?: string;
  /** Only in this project. */
  projectId?: string;
  /** Only these kinds. */
  kinds?: FoundKind[];
  /** What cannot be chosen, and why: “is in it already”. */
  refuse?: (item: Found) => string | undefined;
  onPick: (item: Found) => void;
  /** Whether the field is emptied when something was chosen, for the next. */
  keepsOpen?: boolean;
  autoFocus?: boolean;
  /** Whether what was found lies over the page, or moves what is below it. */
  floats?: boolean;
}

const stepOf: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

function say(found: readonly Found[], isSettled: boolean, text: string): string {
  if (text === '' || !isSettled) return '';
  if (found.length === 0) return `Nothing is found for “${text}”.`;
  if (isGuess(found)) return `Nothing is called “${text}”. Did you mean one of these ${found.length}?`;
  return `${formatCount(found.length)} found.`;
}

interface OptionProps {
  item: Found;
  id: string;
  isActive: boolean;
  refusal: string | undefined;
  inProject: boolean;
  onPick: () => void;
}

function Option({ item, id, isActive, refusal, inProject, onPick }: OptionProps) {
  return (
    // Chosen from the field by keyboard: the focus stays there.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      aria-disabled={refusal !== undefined || undefined}
      className="found"
      onMouseDown={(event) => event.preventDefault()}
      onClick={refusal === undefined ? onPick : undefined}
    >
      <Text span fw={600}>
        {item.name || item.excerpt}
      </Text>
      {item.identifier && item.identifier !== item.name && (
        <Text span c="dimmed" size="sm">
          {' '}
          {item.kind === 'issue' ? `#${item.identifier}` : item.identifier}
        </Text>
      )}
      {!inProject && item.kind !== 'project' && (
        <Text span c="dimmed" size="sm">
          {' '}
          in {item.project.name}
        </Text>
      )}
      {refusal !== undefined && (
        <Text span size="sm">
          {' '}
          ({refusal})
        </Text>
      )}
    </div>
  );
}

/** A field that finds as one types, with suggestions to choose from by arrow keys, Enter or a click. */
export function SearchBox({ label, description, placeholder, projectId, kinds, ...box }: SearchBoxProps) {
  const { refuse, onPick, keepsOpen = false, floats = true, autoFocus = false } = box;
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const id = useId();
  const { items, found, text, error, isSettled } = useFound(typed, { projectId, kinds });
  const groups = groupFound(items);
  const flat = groups.flatMap((group) => group.items);
  const isShown = isOpen && text !== '' && typed.trim() !== '' && (flat.length > 0 || isSettled);
  const at = Math.min(active, flat.length - 1);
  const optionId = (item: Found) => `${id}-${item.id}`;
  const activeId = isShown && at >= 0 ? optionId(flat[at] as Found) : undefined;
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  const pick = (item: Found | undefined) => {
    if (!item || refuse?.(item) !== undefined) return;
    setTyped('');
    setActive(-1);
    setOpen(keepsOpen);
    onPick(item);
  };
  const press = (event: KeyboardEvent) => {
    const step = stepOf[event.key];
    if (step !== undefined && flat.length > 0) {
      event.preventDefault();
      setOpen(true);
      setActive(at < 0 && step < 0 ? flat.length - 1 : (at + step + flat.length) % flat.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (isShown) pick(flat[at]);
    } else if (event.key === 'Escape' && isShown && floats) {
      event.stopPropagation();
      setOpen(false);
      setActive(-1);
    }
  };
  return (
    <div className="search-box">
      <TextInput
        label={label}
        description={description}
        placeholder={placeholder}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        data-autofocus={autoFocus || undefined}
        autoComplete="off"
        spellCheck={false}
        role="combobox"
        aria-expanded={isShown && flat.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={activeId}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setOpen(true);
          setActive(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      <VisuallyHidden role="status">{say(items, isSettled, text)}</VisuallyHidden>
      {error !== null && <FailureNotice error={error} />}
      <div className={floats ? 'found-list floating' : 'found-list'} hidden={!isShown}>
        {isShown && (isGuess(items) || items.length === 0) && (
          <Text size="sm" p="xs" aria-hidden>
            {items.length === 0
              ? `Nothing is found for “${text}”.`
              : `Nothing is called “${text}”. Did you mean:`}
          </Text>
        )}
        <div role="listbox" id={`${id}-list`} aria-label={`Found by: ${label}`}>
          {isShown &&
            groups.map((group) => (
              <div key={group.kind} role="group" aria-labelledby={`${id}-${group.kind}`}>
                <Text
                  id={`${id}-${group.kind}`}
                  size="xs"
                  fw={700}
                  c="dimmed"
                  px="xs"
                  pt="xs"
                  role="presentation"
                >
                  {headingOf(group.kind)} ({formatCount(found[group.kind] ?? group.items.length)})
                </Text>
                {group.items.map((item) => (
                  <Option
                    key={item.id}
                    item={item}
                    id={optionId(item)}
                    isActive={optionId(item) === activeId}
                    refusal={refuse?.(item)}
                    inProject={projectId !== undefined}
                    onPick={() => pick(item)}
                  />
                ))}
              </div>
            ))}
        </div>
      </div>
    </div>
  );
}
