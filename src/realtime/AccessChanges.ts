import type pg from 'pg';
import type { Epochs, SeenEpochs } from './Epochs.ts';
import { type AccessChange, readAccessChanges } from './sql/readAccessChanges.ts';

/** Changes kept for decisions whose reads were under way when they became known. */
const mostRecent = 2000;

/** Whose rights a decision is about, and where; null: nobody is signed in, outside any project. */
export interface Party {
  actorId: string | null;
  projectId: string | null;
}

/** A decision that stands until its party's access changes. */
export interface Standing extends Readonly<Party> {
  /** Somebody's access, maybe this party's, changed at this epoch: what was decided before no longer stands. */
  doubt(epoch: number): void;
}

function isAbout({ actorId, projectId }: AccessChange, party: Party): boolean {
  return (
    (actorId === null || actorId === party.actorId) && (projectId === null || projectId === party.projectId)
  );
}

/** Those of one party; most have one subscription, and a set for each would take ten times its memory. */
type Standings = Standing | Set<Standing>;

function* listOf(known: Standings | undefined): Iterable<Standing> {
  if (known instanceof Set) yield* known;
  else if (known) yield known;
}

function add<K>(index: Map<K, Standings>, key: K, standing: Standing): void {
  const known = index.get(key);
  if (known instanceof Set) known.add(standing);
  else index.set(key, known ? new Set([known, standing]) : standing);
}

function remove<K>(index: Map<K, Standings>, key: K, standing: Standing): void {
  const known = index.get(key);
  if (known instanceof Set) {
    known.delete(standing);
    if (known.size === 0) index.delete(key);
  } else if (known === standing) index.delete(key);
}

/**
 * Whose access has changed, as far as this node knows. When the access epoch moves, one read says whom it
 * concerns: only their decisions fall, all others stand on, so that a change costs what it affects and not
 * what is open.
 */
export class AccessChanges {
  readonly #reads: pg.Pool;
  readonly #epochs: Epochs;
  readonly #observe: (seen: SeenEpochs) => void;
  /** Access epoch up to which it is known who is concerned; -1: nothing is known. */
  #learnedTo = -1;
  /** All changes after this epoch are among the recent ones. */
  #keptFrom = -1;
  #recent: AccessChange[] = [];
  readonly #byActor = new Map<string | null, Standings>();
  readonly #byProject = new Map<string | null, Standings>();
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param observe told of both epochs that each read brings. */
  constructor(reads: pg.Pool, epochs: Epochs, observe: (seen: SeenEpochs) => void) {
    this.#reads = reads;
    this.#epochs = epochs;
    this.#observe = observe;
  }

  /** Whether it is known whom every change concerns that any read has seen; else no decision stands. */
  get isCurrent(): boolean {
    return this.#learnedTo >= this.#epochs.access;
  }

  /** Learns what any read has seen. @throws what the database answers. */
  async catchUp(): Promise<void> {
    while (!this.isCurrent) await this.refresh();
  }

  /** Learns what has been committed by now. @throws what the database answers. */
  refresh(): Promise<void> {
    // A read under way may have begun too early: the next one, for all who ask meanwhile, follows it.
    this.#next ??= this.#readNext();
    return this.#next;
  }

  /** From here on told of what changes for its party. */
  enter(standing: Standing): void {
    const { actorId, projectId } = standing;
    add(this.#byActor, actorId, standing);
    add(this.#byProject, projectId, standing);
  }

  leave(standing: Standing): void {
    const { actorId, projectId } = standing;
    remove(this.#byActor, actorId, standing);
    remove(this.#byProject, projectId, standing);
  }

  /** Whether a change that is known already may concern what was decided for this party at `epoch`. */
  overtook(party: Party, epoch: number): boolean {
    if (epoch < this.#keptFrom) return true;
    for (let index = this.#recent.length - 1; index >= 0; index -= 1) {
      const change = this.#recent[index];
      if (!change || change.epoch <= epoch) break;
      if (isAbout(change, party)) return true;
    }
    return false;
  }

  async #readNext(): Promise<void> {
    await this.#reading?.catch(() => {});
    this.#reading = this.#next;
    this.#next = undefined;
    const { access } = this.#epochs;
    const news = await readAccessChanges(this.#reads, this.#learnedTo);
    // The read began when `access` was known, so it saw at least that.
    this.#learn(Math.max(access, news.accessEpoch), news.changes);
    this.#observe(news);
  }

  #learn(to: number, changes: AccessChange[] | undefined): void {
    this.#learnedTo = to;
    if (changes) {
      this.#recent.push(...changes);
      const dropped = this.#recent.splice(0, this.#recent.length - mostRecent).at(-1);
      if (dropped) this.#keptFrom = dropped.epoch;
      for (const change of changes) {
        for (const standing of this.#concernedBy(change)) standing.doubt(change.epoch);
      }
    } else {
      this.#recent = [];
      this.#keptFrom = to;
      for (const standing of this.#all()) standing.doubt(to);
    }
  }

  *#all(): Iterable<Standing> {
    for (const known of this.#byProject.values()) yield* listOf(known);
  }

  *#concernedBy({ actorId, projectId }: AccessChange): Iterable<Standing> {
    if (actorId === null && projectId === null) yield* this.#all();
    else if (actorId === null) yield* listOf(this.#byProject.get(projectId));
    else {
      for (const standing of listOf(this.#byActor.get(actorId)))
        if (projectId === null || projectId === standing.projectId) yield standing;
    }
  }
}
