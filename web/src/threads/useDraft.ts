import { useState } from 'react';
import { useAccount } from '../kit/useAccount.ts';
import { keep, readKept } from './kept.ts';

export interface Draft {
  text: string;
  set: (text: string) => void;
  /** After it was sent, or given up. */
  clear: () => void;
}

/**
 * A text that is being written. It survives a reload, and is gone when it was sent or the person signed out.
 * @param name where it belongs, such as `thread:<id>`; give the component that uses it this name as its key
 * @param initial what it is while nothing was written
 */
export function useDraft(name: string, initial = ''): Draft {
  const actorId = useAccount().data?.id ?? '';
  const kept = `draft:${name}`;
  const [text, setText] = useState(() => readKept(actorId, kept) ?? initial);
  return {
    text,
    set: (next) => {
      setText(next);
      keep(actorId, kept, next === initial ? null : next);
    },
    clear: () => {
      setText(initial);
      keep(actorId, kept, null);
    },
  };
}
