import type { Reauthorize } from '../events/watch.ts';
import type { Epochs } from './Epochs.ts';

/**
 * Milliseconds that a decision stands when no epoch moves, and the credential does not run out before: a
 * session that is in use does not count as idle.
 */
const standsMs = 300_000;

/** What a subscription may receive, as decided last, and whether that decision still stands. */
export class Decision {
  readonly #reauthorize: Reauthorize;
  #policyEpoch = -1;
  #accessEpoch = -1;
  #until = 0;
  #can: (permission: string) => boolean = () => false;
  readonly #known = new Map<string, boolean>();

  constructor(reauthorize: Reauthorize) {
    this.#reauthorize = reauthorize;
  }

  /** Whether it was made at the newest epochs that any read has shown. */
  stands(epochs: Epochs): boolean {
    return (
      this.#policyEpoch >= epochs.policy &&
      this.#accessEpoch >= epochs.access &&
      performance.now() < this.#until
    );
  }

  /** Decides anew. @throws the refusal, or whatever kept it from deciding. */
  async renew(epochs: Epochs): Promise<void> {
    // The read begins now, so it sees at least what was seen before.
    const { policy, access } = epochs;
    const decided = await this.#reauthorize();
    epochs.observe(decided);
    this.#policyEpoch = Math.max(policy, decided.policyEpoch);
    this.#accessEpoch = Math.max(access, decided.accessEpoch);
    const expiresIn = decided.expiresAt ? decided.expiresAt.getTime() - Date.now() : standsMs;
    // Never less than nothing, or a clock that runs ahead of the database's would decide without end.
    this.#until = performance.now() + Math.max(0, Math.min(standsMs, expiresIn));
    this.#can = (permission) => decided.can(permission);
    this.#known.clear();
  }

  /** Whether the permission is held; null needs none. */
  can(permission: string | null): boolean {
    if (permission === null) return true;
    let known = this.#known.get(permission);
    if (known === undefined) {
      known = this.#can(permission);
      this.#known.set(permission, known);
    }
    return known;
  }
}
