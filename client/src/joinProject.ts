import type { TesseraClient, Watched } from './index.ts';
import { readFailure } from './readFailure.ts';

/** Milliseconds until what did not reach the server is said again. */
const retryMs = 2_000;

/** Somebody who is in a project, and where. */
export type PresentPerson = Extract<Watched<'presence'>, { type: 'present' }>['person'];

export interface JoinOptions {
  /** What is open: `file:<path>`, `thread:<id>`, or null for the project as such. */
  subject?: string | null;
  /** Told who is here, at first and whenever that changes; oneself included. */
  onPeople?: (people: readonly PresentPerson[]) => void;
  /** Told when being here has ended for good, such as with FORBIDDEN. */
  onError?: (error: unknown) => void;
}

/** One's own place in a project, for as long as it is open. */
export interface ProjectPlace {
  /** Its id; in `places` of oneself. */
  readonly placeId: string;
  readonly people: readonly PresentPerson[];
  /** Goes to a file (`file:<path>`), a thread (`thread:<id>`), or the project as such (null). */
  moveTo(subject: string | null): void;
  /** Says whether one is at it. In a browser, a tab that is not seen counts as idle by itself. */
  setState(state: 'active' | 'idle'): void;
  /** Leaves at once; whoever just closes the page is gone a few seconds later. */
  leave(): Promise<void>;
}

/** What a browser has, as far as it is used here. */
interface Page extends EventTarget {
  visibilityState: string;
}

/**
 * Shows oneself in a project, as one place of this tab, and who else is there. Nothing has to be repeated: the
 * subscription keeps the place, over reconnects too.
 */
export function joinProject(
  client: TesseraClient,
  projectId: string,
  options: JoinOptions = {},
): ProjectPlace {
  const placeId = globalThis.crypto.randomUUID();
  const people = new Map<string, PresentPerson>();
  let { subject = null } = options;
  let state: 'active' | 'idle' = 'active';
  let isOver = false;
  let wasSaid = true;
  let saying: Promise<void> | undefined;

  const isUnsaid = () => !wasSaid && !isOver;
  const sayAll = async () => {
    while (isUnsaid()) {
      wasSaid = true;
      await client.presence.set
        .mutate({ projectId, placeId, subject, state })
        .catch(async (error: unknown) => {
          // What the server refuses it refuses again; what did not reach it is said until it does.
          if (readFailure(error)) return;
          wasSaid = false;
          await new Promise((resolve) => setTimeout(resolve, retryMs));
        });
    }
    saying = undefined;
  };
  /** One call at a time, with what holds when it is made: calls that run side by side may overtake one another. */
  const say = () => {
    wasSaid = false;
    saying ??= sayAll();
  };

  const subscription = client.presence.watch.subscribe(
    { projectId, placeId },
    {
      onStarted: say,
      onData(change) {
        if (change.type === 'snapshot') {
          people.clear();
          for (const person of change.people) people.set(person.actor.id, person);
        } else if (change.type === 'present') people.set(change.person.actor.id, change.person);
        else people.delete(change.actorId);
        options.onPeople?.([...people.values()]);
      },
      onError(error) {
        end();
        options.onError?.(error);
      },
    },
  );

  const page = (globalThis as { document?: Page }).document;
  const onVisibility = () => place.setState(page?.visibilityState === 'hidden' ? 'idle' : 'active');
  page?.addEventListener('visibilitychange', onVisibility);
  const end = () => {
    isOver = true;
    page?.removeEventListener('visibilitychange', onVisibility);
  };

  const place: ProjectPlace = {
    placeId,
    get people() {
      return [...people.values()];
    },
    moveTo(to) {
      subject = to;
      say();
    },
    setState(to) {
      if (state === to) return;
      state = to;
      say();
    },
    async leave() {
      if (isOver) return;
      end();
      subscription.unsubscribe();
      await saying;
      await client.presence.set.mutate({ projectId, placeId, state: 'gone' });
    },
  };
  return place;
}
