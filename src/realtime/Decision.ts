import { catalogue } from '../events/catalogue.ts';
import type { Reauthorize } from '../events/watch.ts';
import type { AccessChanges, Party, Standing } from './AccessChanges.ts';
import type { Epochs, SeenEpochs } from './Epochs.ts';
import { turnTime } from './turnTime.ts';

/**
 * Milliseconds that a decision stands when nothing changes, and the credential does not run out before: a
 * session that is in use does not count as idle.
 */
const standsMs = 300_000;

/** All permissions that events ask for. */
const asked = [...new Set(Object.values(catalogue).map(({ permission }) => permission))].filter(
  (permission) => permission !== null,
);

/** Sets of permissions that are held; as many as there are kinds of watchers, and not as watchers. */
const heldSets = new Map<string, ReadonlySet<string>>();
const mostHeldSets = 1_000;

/** Which of the permissions that events ask for are held. Who decided, and all that they knew, need not be kept. */
function holdPermissions(can: (permission: string) => boolean): ReadonlySet<string> {
  const held = asked.filter((permission) => can(permission));
  const name = held.join(' ');
  let set = heldSets.get(name);
  if (!set) {
    if (heldSets.size >= mostHeldSets) heldSets.clear();
    set = new Set(held);
    heldSets.set(name, set);
  }
  return set;
}

const nothing: ReadonlySet<string> = new Set();

/** What decisions are measured by. */
export interface DecisionParts {
  epochs: Epochs;
  changes: AccessChanges;
  /** Takes note of epochs that a read brought. */
  observe(seen: SeenEpochs): void;
}

/** What a subscription may receive, as decided last, and whether that decision still stands. */
export class Decision implements Standing {
  readonly #parts: DecisionParts;
  readonly #reauthorize: Reauthorize;
  readonly #subscription: { wake(): void };
  /** Undefined before the first decision, and after the end. */
  #party: Party | undefined;
  #isOver = false;
  #policyEpoch = -1;
  #accessEpoch = -1;
  /** Whether the party's access has changed since. */
  #isDoubtful = true;
  #until = 0;
  #held = nothing;

  /** @param subscription woken when a decision that was made no longer stands. */
  constructor(parts: DecisionParts, reauthorize: Reauthorize, subscription: { wake(): void }) {
    this.#parts = parts;
    this.#reauthorize = reauthorize;
    this.#subscription = subscription;
  }

  get party(): Party {
    return this.#party ?? { actorId: null, projectId: null };
  }

  /** Whether nothing that any read has shown since it was made can have changed it. */
  stands(): boolean {
    const { epochs, changes } = this.#parts;
    return (
      !this.#isDoubtful && changes.isCurrent && this.#policyEpoch >= epochs.policy && turnTime() < this.#until
    );
  }

  doubt(epoch: number): void {
    if (epoch <= this.#accessEpoch || this.#isDoubtful) return;
    this.#isDoubtful = true;
    this.#subscription.wake();
  }

  /** Makes it stand, as far as that can be said now. @throws the refusal, or whatever kept it from deciding. */
  async renew(): Promise<void> {
    const { epochs, changes } = this.#parts;
    if (!changes.isCurrent) await changes.catchUp();
    if (this.stands()) return;
    // The read begins now, so it sees at least what was seen before.
    const { policy, access } = epochs;
    const decided = await this.#reauthorize();
    if (this.#isOver) return;
    this.#policyEpoch = Math.max(policy, decided.policyEpoch);
    this.#accessEpoch = Math.max(access, decided.accessEpoch);
    this.#settle({ actorId: decided.caller?.id ?? null, projectId: decided.projectId });
    const expiresIn = decided.expiresAt ? decided.expiresAt.getTime() - Date.now() : standsMs;
    // Never less than nothing, or a clock that runs ahead of the database's would decide without end.
    this.#until = performance.now() + Math.max(0, Math.min(standsMs, expiresIn));
    this.#held = holdPermissions((permission) => decided.can(permission));
    this.#parts.observe(decided);
  }

  /** Whether this permission, which an event asks for, is held; null needs none. */
  can(permission: string | null): boolean {
    return permission === null || this.#held.has(permission);
  }

  /** Nobody needs it any more. */
  end(): void {
    this.#isOver = true;
    if (this.#party) this.#parts.changes.leave(this);
    this.#party = undefined;
  }

  /** Takes its place among the decisions, unless a change was quicker than its read. */
  #settle(party: Party): void {
    const { changes } = this.#parts;
    if (this.#party?.actorId !== party.actorId || this.#party.projectId !== party.projectId) {
      if (this.#party) changes.leave(this);
      this.#party = party;
      changes.enter(this);
    }
    this.#isDoubtful = changes.overtook(party, this.#accessEpoch);
  }
}
