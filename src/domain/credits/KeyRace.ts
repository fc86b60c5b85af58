/**
 * Two transactions used one idempotency key at once, and this one came second. Its code is the one of a
 * serialization failure, so `transact` runs it again; the key is known then.
 */
export class KeyRace extends Error {
  readonly code = '40001';

  constructor() {
    super('Another transaction used the same idempotency key at the same time.');
    this.name = 'KeyRace';
  }
}
