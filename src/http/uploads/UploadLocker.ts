import { ERRORS, type Lock, type Locker, type RequestRelease } from '@tus/server';
import type pg from 'pg';
import { UploadLease } from '../../domain/media/UploadLease.ts';

/** How long a request waits for the one before it, whose connection may be half dead, to store what it got. */
const waitMs = 15_000;

/** Lets one request at a time at an upload, on all nodes together. */
export class UploadLocker implements Locker {
  readonly #reads: pg.Pool;

  constructor(reads: pg.Pool) {
    this.#reads = reads;
  }

  newLock(id: string): Lock {
    const lease = new UploadLease(this.#reads, id);
    return {
      async lock(signal: AbortSignal, cancel: RequestRelease) {
        const isTaken = await lease.take({ waitMs, signal, onWanted: () => void cancel() });
        if (!isTaken) throw ERRORS.ERR_LOCK_TIMEOUT;
      },
      unlock: () => lease.release(),
    };
  }
}
