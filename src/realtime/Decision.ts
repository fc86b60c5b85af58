import { catalogue } from '../events/catalogue.ts';
import type { Reauthorizer } from '../events/watch.ts';
import type { AccessChanges, Party, Standing } from './AccessChanges.ts';
import type { Epochs, SeenEpochs } from './Epochs.ts';
import { turnTime } from './turnTime.ts';
import { wholeNow } from './wholeNow.ts';

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
  readonly #reauthorizer: Reauthorizer;
  readonly #subscription: { wake(): void };
  /** Whose rights it is about, and where, once it was made. */
  actorId: string | null = null;
  projectId: string | null = null;
  /** Once it was made, it is told of what changes, until nobody needs it any more. */
  #stage: 'new' | 'entered' | 'over' = 'new';
  #policyEpoch = -1;
  #accessEpoch = -1;
  /** Whether the party's access has changed since. */
  #isDoubtful = true;
  #until = 0;
  #held = nothing;

  /** @param subscription woken when a decision that was made no longer stands. */
  constructor(parts: DecisionParts, reauthorizer: Reauthorizer, subscription: { wake(): void }) {
    this.#parts = parts;
    this.#reauthorizer = reauthorizer;
    this.#subscription = subscription;
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
    const decided = await this.#reauthorizer.decide();
    if (this.#stage === 'over') return;
    this.#policyEpoch = Math.max(policy, decided.policyEpoch);
    this.#accessEpoch = Math.max(access, decided.accessEpoch);
    this.#settle({ actorId: decided.caller?.id ?? null, projectId: decided.projectId });
    const expiresIn = decided.expiresAt ? decided.expiresAt.getTime() - Date.now() : standsMs;
    // Never less than nothing, or a clock that runs ahead of the database's would decide without end.
    this.#until = wholeNow() + Math.max(0, Math.min(standsMs, expiresIn));
    this.#held = holdPermissions((permission) => decided.can(permission));
    this.#parts.observe(decided);
  }

  /** Whether this permission, which an event asks for, is held; null needs none. */
  can(permission: string | null): boolean {
    return permission === null || this.#held.has(permission);
  }

  /** Nobody needs it any more. */
  end(): void {
    if (this.#stage === 'entered') this.#parts.changes.leave(this);
    this.#stage = 'over';
  }

  /** Takes its place among the decisions, unless a change was quicker than its read. */
  #settle(party: Party): void {
    const { changes } = this.#parts;
    const isEntered = this.#stage === 'entered';
    if (!isEntered || this.actorId !== party.actorId || this.projectId !== party.projectId) {
      if (isEntered) changes.leave(this);
      this.#stage = 'entered';
      this.actorId = party.actorId;
      this.projectId = party.projectId;
      changes.enter(this);
    }
    this.#isDoubtful = changes.overtook(party, this.#accessEpoch);
  }
}
