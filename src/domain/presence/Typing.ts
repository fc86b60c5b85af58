import type { Bus, LaneValue } from '../../bus/Bus.ts';
import type { Stream } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import type { TypingChange } from '../../views/presence.ts';

/** Lane on the bus: somebody types, or has stopped. */
const hintLane = 'typingHints';
/** Lane of this node's subscribers. */
export const typingLane = 'typing';
/** Milliseconds for which somebody types who does not say so again. */
const typesMs = 5_000;
/** People typing at once that a node keeps in mind; beyond, the oldest are taken to have stopped. */
const mostTyping = 10_000;

interface Hint {
  threadId: string;
  actor: ActorRef;
  isTyping: boolean;
}

interface TypingPerson {
  stream: Stream;
  key: string;
  hint: Hint;
  timer: NodeJS.Timeout;
}

/**
 * Who is typing, in memory alone. What the bus says again every few seconds is told once: that somebody starts,
 * and that they stop, by themselves or because nothing more was heard of them.
 */
export class Typing {
  readonly #bus: Bus;
  readonly #tell: (value: LaneValue) => void;
  readonly #people = new Map<string, TypingPerson>();
  readonly #unlisten: () => void;

  /** @param tell hands a value to the subscribers of this node. */
  constructor(bus: Bus, tell: (value: LaneValue) => void) {
    this.#bus = bus;
    this.#tell = tell;
    this.#unlisten = bus.onLane(
      (value) => {
        if (value.lane === hintLane) this.#hear(value);
      },
      { streams: 'project:', lane: hintLane },
    );
  }

  /** Says on all nodes that somebody types in a thread, for the next five seconds, or has stopped. */
  say(projectId: string, hint: Hint): void {
    this.#bus.publishLane(`project:${projectId}`, hintLane, `${hint.threadId} ${hint.actor.id}`, hint);
  }

  /** Who types in the project now. */
  now(projectId: string): { threadId: string; actor: ActorRef }[] {
    const stream = `project:${projectId}`;
    return [...this.#people.values()]
      .filter((person) => person.stream === stream)
      .map(({ hint: { threadId, actor } }) => ({ threadId, actor }));
  }

  stop(): void {
    this.#unlisten();
    for (const { timer } of this.#people.values()) clearTimeout(timer);
    this.#people.clear();
  }

  #hear({ stream, key, value }: LaneValue): void {
    const hint = value as Hint;
    const id = `${stream} ${key}`;
    const known = this.#people.get(id);
    if (!hint.isTyping) {
      if (known) this.#end(id, known);
      return;
    }
    if (known) {
      known.timer.refresh();
      return;
    }
    const [oldest] = this.#people;
    if (oldest && this.#people.size >= mostTyping) this.#end(...oldest);
    const timer = setTimeout(() => this.#end(id, person), typesMs).unref();
    const person: TypingPerson = { stream, key, hint, timer };
    this.#people.set(id, person);
    this.#announce('started', person);
  }

  #end(id: string, person: TypingPerson): void {
    clearTimeout(person.timer);
    this.#people.delete(id);
    this.#announce('stopped', person);
  }

  #announce(type: 'started' | 'stopped', { stream, key, hint: { threadId, actor } }: TypingPerson): void {
    const value: TypingChange = { type, threadId, actor };
    this.#tell({ stream, lane: typingLane, key, value });
  }
}
