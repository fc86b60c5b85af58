import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Bus, LaneValue } from '../../bus/Bus.ts';
import {
  type PlaceRow,
  type PresenceChange,
  type PresentPerson,
  viewPresentPerson,
} from '../../views/presence.ts';
import { readPlaces } from './sql/readPlaces.ts';

/** Lane on the bus: somebody's places in a project are not what they were. */
const hintLane = 'presenceHints';
/** Lane of this node's subscribers. */
export const presenceLane = 'presence';
/** Milliseconds between two reads, so that nobody is told more than ten times a second of anybody. */
const readEveryMs = 100;

export interface PresenceBoardsParts {
  reads: pg.Pool;
  bus: Bus;
  log: Logger;
  /** Hands a value to the subscribers of this node. */
  tell: (value: LaneValue) => void;
}

interface Board {
  followers: number;
  people: Map<string, PresentPerson>;
  isLoaded: boolean;
  /** Counts what was read into it. */
  reads: number;
  unlisten: () => void;
}

/** Says on every node that somebody's places in a project have changed. */
export function announcePresence(bus: Bus, projectId: string, actorId: string): void {
  bus.publishLane(`project:${projectId}`, hintLane, actorId, { actorId });
}

/** Somebody's rows, which stand together. */
function* peopleOf(rows: readonly PlaceRow[]): Iterable<PresentPerson> {
  for (let from = 0; from < rows.length;) {
    const first = rows[from] as PlaceRow;
    let to = from + 1;
    while (rows[to]?.id === first.id && rows[to]?.project_id === first.project_id) to += 1;
    yield viewPresentPerson([first, ...rows.slice(from + 1, to)]);
    from = to;
  }
}

/**
 * Who is in the projects that are watched on this node, kept once for all who watch. A message on the bus says
 * only whose places have changed; what they are now is read, so messages that are lost, doubled or late do no
 * harm: everything is compared with the table now and then.
 */
export class PresenceBoards {
  readonly #parts: PresenceBoardsParts;
  readonly #boards = new Map<string, Board>();
  /** Whose places are to be read, by project; `all`: everybody's. */
  #stale = new Map<string, Set<string> | 'all'>();
  #timer: NodeJS.Timeout | undefined;
  #lastReadAt = -readEveryMs;

  constructor(parts: PresenceBoardsParts) {
    this.#parts = parts;
  }

  /** Keeps the project's board up to date until the function that is returned is called. */
  follow(projectId: string): () => void {
    const board = this.#boards.get(projectId) ?? this.#make(projectId);
    board.followers += 1;
    return () => {
      board.followers -= 1;
      if (board.followers > 0) return;
      board.unlisten();
      this.#boards.delete(projectId);
    };
  }

  /** Who is in a project that is followed. @param client reads it the first time. */
  async people(projectId: string, client: Pick<pg.ClientBase, 'query'>): Promise<PresentPerson[]> {
    const board = this.#boards.get(projectId);
    if (!board) return [];
    if (!board.isLoaded) {
      const { reads } = board;
      const rows = await readPlaces(client, [{ projectId, actorId: null }]);
      if (!board.isLoaded) {
        board.people = new Map([...peopleOf(rows)].map((person) => [person.actor.id, person]));
        board.isLoaded = true;
        // What was read meanwhile may be newer than what the client sees.
        if (board.reads !== reads) this.#mark(projectId, null);
      }
    }
    return [...board.people.values()];
  }

  /** Compares everything with the table: messages may have been lost. */
  refresh(): void {
    for (const projectId of this.#boards.keys()) this.#mark(projectId, null);
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const { unlisten } of this.#boards.values()) unlisten();
    this.#boards.clear();
  }

  #make(projectId: string): Board {
    const listener = ({ key }: LaneValue) => this.#mark(projectId, key);
    const unlisten = this.#parts.bus.onLane(
      (value) => {
        if (value.lane === hintLane && value.stream === `project:${projectId}`) listener(value);
      },
      { streams: `project:${projectId}`, lane: hintLane },
    );
    const board: Board = { followers: 0, people: new Map(), isLoaded: false, reads: 0, unlisten };
    this.#boards.set(projectId, board);
    return board;
  }

  #mark(projectId: string, actorId: string | null): void {
    const known = this.#stale.get(projectId);
    if (actorId === null) this.#stale.set(projectId, 'all');
    else if (known === undefined) this.#stale.set(projectId, new Set([actorId]));
    else if (known !== 'all') known.add(actorId);
    this.#timer ??= setTimeout(
      () => void this.#read(),
      Math.max(0, this.#lastReadAt + readEveryMs - performance.now()),
    ).unref();
  }

  async #read(): Promise<void> {
    const stale = this.#stale;
    this.#stale = new Map();
    this.#lastReadAt = performance.now();
    const asked = [...stale].flatMap(([projectId, actors]) =>
      (actors === 'all' ? [null] : [...actors]).map((actorId) => ({ projectId, actorId })),
    );
    try {
      const rows = await readPlaces(this.#parts.reads, asked);
      this.#apply(stale, rows);
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'presence could not be read; it is compared anew later');
    }
    this.#timer = undefined;
    const [next] = this.#stale;
    if (next) this.#mark(next[0], next[1] === 'all' ? null : ([...next[1]][0] ?? null));
  }

  #apply(stale: ReadonlyMap<string, Set<string> | 'all'>, rows: readonly PlaceRow[]): void {
    const byProject = Map.groupBy(rows, ({ project_id: id }) => id);
    for (const [projectId, actors] of stale) {
      const board = this.#boards.get(projectId);
      if (!board) continue;
      board.reads += 1;
      const gone = new Set(actors === 'all' ? board.people.keys() : actors);
      for (const person of peopleOf(byProject.get(projectId) ?? [])) {
        const { id } = person.actor;
        gone.delete(id);
        if (isDeepStrictEqual(board.people.get(id), person)) continue;
        board.people.set(id, person);
        this.#tell(projectId, id, { type: 'present', person });
      }
      for (const actorId of gone)
        if (board.people.delete(actorId)) this.#tell(projectId, actorId, { type: 'left', actorId });
    }
  }

  #tell(projectId: string, key: string, value: PresenceChange): void {
    this.#parts.tell({ stream: `project:${projectId}`, lane: presenceLane, key, value });
  }
}
