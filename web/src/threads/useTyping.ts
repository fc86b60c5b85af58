import { useMemo, useRef } from 'react';
import type { Outputs } from 'tessera-client';
import { client } from '../api.ts';
import type { ActorRef } from '../kit/Person.tsx';
import { sourceOf, useLive } from '../kit/live/useLive.ts';
import { useRight } from '../kit/useRight.ts';

type TypingChange = Outputs['presence']['watchTyping'] extends AsyncIterable<infer C> ? C : never;
interface Typist {
  threadId: string;
  actor: ActorRef;
}

const isSame = (a: Typist, b: Typist) => a.threadId === b.threadId && a.actor.id === b.actor.id;

function apply(typists: readonly Typist[] | undefined, change: TypingChange): readonly Typist[] {
  if (change.type === 'snapshot') return change.typing;
  const { threadId, actor } = change;
  const others = (typists ?? []).filter((typist) => !isSame(typist, { threadId, actor }));
  return change.type === 'started' ? [...others, { threadId, actor }] : others;
}

/** Who else types in a thread just now. */
export function useTyping(projectId: string, threadId: string): readonly ActorRef[] {
  const { state } = useLive(
    sourceOf<readonly Typist[], TypingChange>(
      `typing:${projectId}`,
      (handlers) => client.presence.watchTyping.subscribe({ projectId }, handlers),
      apply,
    ),
  );
  return useMemo(
    () => (state ?? []).filter((typist) => typist.threadId === threadId).map(({ actor }) => actor),
    [state, threadId],
  );
}

/** Milliseconds between two words of one's typing; the server forgets them after five seconds. */
const sayMs = 3_000;

/** Tells the others that one types: call `say(true)` at each change of the text, `say(false)` when it is sent. */
export function useSayTyping(projectId: string, threadId: string | null): (isTyping: boolean) => void {
  const isAllowed = useRight('presence.typing', projectId);
  const saidAt = useRef(0);
  const say = (isTyping: boolean) => {
    if (!isAllowed || threadId === null) return;
    const now = Date.now();
    if (isTyping ? now - saidAt.current < sayMs : saidAt.current === 0) return;
    saidAt.current = isTyping ? now : 0;
    // It is a courtesy: that it did not arrive harms nobody.
    client.presence.typing.mutate({ projectId, threadId, isTyping }).catch(() => {});
  };
  return say;
}
