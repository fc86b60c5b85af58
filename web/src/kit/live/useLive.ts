import { useSyncExternalStore } from 'react';
import { type Live, LiveSource, type Open } from './LiveSource.ts';

const sources = new Map<string, unknown>();

/** The source of this key, made when it is first asked for. */
export function sourceOf<S, E>(
  key: string,
  open: Open<E>,
  apply: (state: S | undefined, event: E) => S,
): LiveSource<S, E> {
  const known = sources.get(key) as LiveSource<S, E> | undefined;
  if (known) return known;
  const made = new LiveSource(open, apply);
  sources.set(key, made);
  return made;
}

/** How a source stands, and renders anew whenever it moves. */
export function useLive<S, E>(source: LiveSource<S, E>): Live<S> {
  return useSyncExternalStore(source.subscribe, source.get);
}

/** Opens one of the client's subscriptions whose values carry a cursor, without it: the client keeps it by itself. */
export function tracked<E>(
  open: (handlers: {
    onData: (value: { id: string; data: E }) => void;
    onError: (error: unknown) => void;
  }) => { unsubscribe(): void },
): Open<E> {
  return ({ onData, onError }) => open({ onData: ({ data }) => onData(data), onError });
}
