import { useState } from 'react';
import { readFailure } from 'tessera-client';
import { type Form, useForm } from './useForm.ts';

type Values = Record<string, unknown>;

/** What somebody else has changed in the meantime, by field. */
export interface Clash<V extends Values> {
  /** Fields that the reader has not touched: they show the other's now. */
  taken: readonly (keyof V & string)[];
  /** Fields that both have changed: they show the reader's; here is the other's. */
  contested: Partial<V>;
}

export interface Edit<V extends Values> {
  form: Form<V>;
  clash: Clash<V> | undefined;
  /** Puts the other's text into a contested field. */
  take: (name: keyof V & string) => void;
}

export interface EditOptions<V extends Values> {
  /** What is edited, as it was read, in the form's terms. */
  start: { values: V; version: number };
  /** Sends what differs from the start; not called when nothing does. */
  save: (changes: Partial<V>, version: number) => Promise<unknown>;
  /** How the thing stands now; asked after a VERSION_CLASH. */
  read: () => Promise<{ values: V; version: number }>;
  onDone: () => void;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * A form that changes something with a `version`. Only what was changed is sent. When somebody else was faster, their
 * changes come into the fields that the reader has not touched, those that both changed are told of, and the reader's
 * own text stays: saving again is then on purpose.
 */
export function useEditForm<V extends Values>(options: EditOptions<V>): Edit<V> {
  const [start, setStart] = useState(options.start);
  const [clash, setClash] = useState<Clash<V>>();
  const form = useForm<V>(options.start.values, async (values) => {
    const names = Object.keys(values) as (keyof V & string)[];
    const own = names.filter((name) => !same(values[name], start.values[name]));
    if (own.length === 0) return options.onDone();
    const changes: Partial<V> = {};
    for (const name of own) changes[name] = values[name];
    try {
      await options.save(changes, start.version);
    } catch (error) {
      if (readFailure(error)?.code !== 'VERSION_CLASH') throw error;
      const now = await options.read();
      const theirs = names.filter((name) => !same(now.values[name], start.values[name]));
      const taken = theirs.filter((name) => !own.includes(name));
      const taking: Partial<V> = {};
      const contested: Partial<V> = {};
      for (const name of theirs) (taken.includes(name) ? taking : contested)[name] = now.values[name];
      form.set(taking);
      setStart(now);
      setClash({ taken, contested });
      return undefined;
    }
    return options.onDone();
  });
  return {
    form,
    clash,
    take: (name) => {
      if (!clash) return;
      const { [name]: value, ...contested } = clash.contested;
      form.set({ [name]: value } as unknown as Partial<V>);
      setClash({ taken: [...clash.taken, name], contested: contested as Partial<V> });
    },
  };
}
