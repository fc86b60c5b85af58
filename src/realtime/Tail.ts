import { catalogue } from '../events/catalogue.ts';
import type { Stream } from '../events/emit.ts';
import { type EventPage, readEvents } from '../events/sql/readEvents.ts';
import type { LogEvent, WireEvent } from '../events/watch.ts';
import type { HubParts, Subscription } from './Subscription.ts';
import type { EventTrace } from './Tracer.ts';

/** Events read at once, at most. */
export const pageSize = 500;
/** Events kept per stream, at least, so that who resumes after a short absence is served from memory. */
const keptEvents = 128;

/** An event as the hub hands it on. */
export interface Entry {
  event: LogEvent;
  /** Its cursor, `epoch.seq`. */
  id: string;
  /** What watchers get; the same object for all, so that its frame is built once. */
  wire: WireEvent;
  permission: string | null;
  /** Where its way is remembered; undefined where the past was read. */
  trace: EventTrace | undefined;
}

export function toEntry(event: LogEvent, epoch: number, trace?: EventTrace): Entry {
  const { seq, type, subject, payload, actorId, mutationId, createdAt } = event;
  const wire = { seq, type, subject, payload, actorId, mutationId, createdAt } as WireEvent;
  // A release newer than this one may have written a type that is unknown here: nobody may see it then.
  return {
    event,
    id: `${epoch}.${seq}`,
    wire,
    permission: type in catalogue ? catalogue[type].permission : 'events.unknown',
    trace,
  };
}

/** Events of a stream after a cursor, as of one instant. */
export interface Page {
  epoch: number;
  /** Seq of the last event of the stream. */
  head: number;
  entries: readonly Entry[];
}

/** The end of one stream, read once for all who watch it on this node. */
export class Tail {
  readonly stream: Stream;
  readonly subscriptions = new Set<Subscription>();
  readonly #parts: HubParts;
  /** Epoch and seq up to which events were read; undefined until somebody's first read tells. */
  #position: { epoch: number; seq: number } | undefined;
  /** The last events up to the position, without a gap. */
  #recent: Entry[] = [];
  /** The last ones of `#recent` that somebody asked for. */
  #asked: Entry[] = [];
  /** Counts how often the past turned out to be another than was thought. */
  #breaks = 0;
  /** Reads of the past under way, by cursor. */
  readonly #pages = new Map<string, Promise<Page>>();
  #wanted = 0;
  #isReading = false;

  constructor(stream: Stream, parts: HubParts) {
    this.stream = stream;
    this.#parts = parts;
  }

  get position(): { epoch: number; seq: number } | undefined {
    return this.#position;
  }

  get breaks(): number {
    return this.#breaks;
  }

  /** The stream reaches to `seq`, as somebody says; reads what is missing. */
  hint(seq: number): void {
    this.#wanted = Math.max(this.#wanted, seq);
    if (this.#position && this.#wanted > this.#position.seq) void this.#read();
  }

  /** The stream stands at this epoch and seq, as a read has shown. */
  meet(epoch: number, seq: number): void {
    if (!this.#position) {
      this.#position = { epoch, seq };
      this.hint(seq);
    } else if (epoch !== this.#position.epoch || seq < this.#position.seq) void this.#read();
    else this.hint(seq);
  }

  /** The events after `cursor` up to the position; undefined when not all of them are in memory. */
  after(cursor: number): readonly Entry[] | undefined {
    if (!this.#position || cursor > this.#position.seq) return undefined;
    const missing = this.#position.seq - cursor;
    if (missing > this.#recent.length) return undefined;
    // All who keep up ask for the same events.
    if (this.#asked.length !== missing) this.#asked = this.#recent.slice(this.#recent.length - missing);
    return this.#asked;
  }

  /**
   * Reads what follows a cursor that lies before what is in memory. Who asks for the same meanwhile gets the
   * same, and if it reaches to the end, so does who asks later: after a restart thousands come back with
   * cursors that lie close together.
   * @param limit events, at most.
   */
  page(cursor: number, limit: number): Promise<Page> {
    const key = `${cursor} ${limit}`;
    let page = this.#pages.get(key);
    if (!page) {
      page = this.#readPage(cursor, limit).finally(() => this.#pages.delete(key));
      this.#pages.set(key, page);
    }
    return page;
  }

  async #readPage(cursor: number, limit: number): Promise<Page> {
    const { gate, reads, counts } = this.#parts;
    const page = await gate.run(() => readEvents(reads, this.stream, cursor, limit));
    counts.reads += 1;
    this.#parts.observe(page);
    const { epoch, head } = page;
    const entries = page.events.map((event) => toEntry(event, epoch));
    this.meet(epoch, head);
    const isEnd = this.#position?.epoch === epoch && this.#position.seq === head;
    if (isEnd && entries.length === head - cursor && entries.length > this.#recent.length) {
      this.#recent = entries;
      this.#asked = [];
    }
    return { epoch, head, entries };
  }

  async #read(): Promise<void> {
    if (this.#isReading || !this.#position) return;
    this.#isReading = true;
    try {
      for (let isBehind = true; isBehind && this.subscriptions.size > 0;) {
        const asked = this.#wanted;
        const page = await readEvents(this.#parts.reads, this.stream, this.#position.seq, pageSize);
        this.#parts.counts.reads += 1;
        // Before anyone is woken: nobody may get these events by a decision that what was read with them overtook.
        this.#parts.observe(page);
        await this.#parts.changes.catchUp();
        this.#take(page);
        const { seq } = this.#position;
        // A hint that came meanwhile may speak of what this read could not see yet; an older one cannot.
        isBehind = page.head > seq || (this.#wanted > seq && this.#wanted > asked);
        if (!isBehind) this.#wanted = seq;
      }
    } catch (error) {
      this.#parts.log.debug(
        { err: error, stream: this.stream },
        'the log could not be read; the next sweep tries again',
      );
    } finally {
      this.#isReading = false;
    }
  }

  #take(page: EventPage): void {
    this.#asked = [];
    const { epoch, seq } = this.#position ?? { epoch: page.epoch, seq: page.head };
    const [first, last] = [page.events[0], page.events.at(-1)];
    const hasHole = page.head > seq && (first?.seq !== seq + 1 || last?.seq !== seq + page.events.length);
    if (page.epoch !== epoch || page.head < seq || hasHole) {
      this.#position = { epoch: page.epoch, seq: page.head };
      this.#recent = [];
      this.#breaks += 1;
    } else if (page.events.length > 0) {
      this.#recent = [
        ...this.#recent.slice(-keptEvents),
        ...page.events.map((event) => toEntry(event, epoch, this.#parts.tracer.read(event))),
      ];
      this.#position = { epoch, seq: seq + page.events.length };
    }
    for (const subscription of this.subscriptions) subscription.wake();
  }
}
