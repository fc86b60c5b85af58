import { type SubmitEvent, useState } from 'react';
import { readFailure } from 'tessera-client';
import { noteFailure } from '../api.ts';

type Values = Record<string, unknown>;

/** What a field of the form takes: spread it into any input of the component kit. */
export interface FieldProps<T> {
  name: string;
  value: T;
  /** Takes the value, or the event that brings it. */
  onChange: (next: T | { currentTarget: { value: string } }) => void;
  error: string | undefined;
}

export interface Form<V extends Values> {
  values: V;
  set: (changes: Partial<V>) => void;
  field: <K extends keyof V & string>(name: K) => FieldProps<V[K]>;
  isBusy: boolean;
  /** What went wrong, unless it stands at a field. */
  error: unknown;
  /** For `<form onSubmit>`. */
  onSubmit: (event: SubmitEvent<HTMLFormElement>) => void;
}

const isEvent = (next: unknown): next is { currentTarget: { value: string } } =>
  typeof next === 'object' && next !== null && 'currentTarget' in next;

/**
 * A form's values and what the server said of them. It is the server that checks: what it finds wrong (`BAD_INPUT`)
 * stands at the field of that name, and the first such field gets the focus; all else stands above the button.
 * @param submit makes the call; what it throws is shown. `reset` makes the form as it was at first.
 */
export function useForm<V extends Values>(
  initial: V,
  submit: (values: V, reset: () => void) => Promise<unknown>,
): Form<V> {
  const [values, setValues] = useState(initial);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const failure = readFailure(error);
  const at = (name: string) => failure?.fields[name];
  const isAtField = failure !== undefined && Object.keys(failure.fields).some((path) => path in values);

  const reset = () => {
    setValues(initial);
    setError(undefined);
  };
  const send = async (element: HTMLFormElement) => {
    setBusy(true);
    setError(undefined);
    try {
      await submit(values, reset);
    } catch (caught) {
      setError(caught);
      noteFailure(caught);
      const first = Object.keys(readFailure(caught)?.fields ?? {}).find((path) => path in values);
      const named = first && element.elements.namedItem(first);
      if (named instanceof HTMLElement) named.focus();
    } finally {
      setBusy(false);
    }
  };
  return {
    values,
    set: (changes) => setValues((before) => ({ ...before, ...changes })),
    field: (name) => ({
      name,
      value: values[name],
      onChange: (next) => {
        const told = isEvent(next) ? next.currentTarget.value : next;
        setValues((before) => ({ ...before, [name]: told }));
      },
      error: at(name),
    }),
    isBusy,
    error: isAtField ? undefined : error,
    onSubmit: (event) => {
      event.preventDefault();
      void send(event.currentTarget);
    },
  };
}
