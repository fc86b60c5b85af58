import { monotonic } from './monotonic.ts';

/** A value of `projects.watch`, as far as it is checked. */
export interface Told {
  type: string;
  seq: number;
  payload?: { id?: string } | undefined;
}

/** What one watcher was told, and whether that was every event once and in order. */
export class Diary {
  readonly name: string;
  /** Seq of the first snapshot; undefined until it came. */
  from: number | undefined;
  /** Seq of the last event. */
  seq = 0;
  readonly commentIds: string[] = [];
  /** When each event came. */
  readonly moments: number[] = [];
  readonly faults: string[] = [];
  resumed = 0;
  cursor: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  take(id: string, told: Told): void {
    this.cursor = id;
    if (told.type === 'snapshot') {
      if (this.from !== undefined) this.faults.push(`a second snapshot at ${told.seq} instead of a replay`);
      this.from ??= told.seq;
      this.seq = told.seq;
      return;
    }
    if (told.type === 'resync') this.faults.push(`a resync at ${told.seq}, though every event is kept`);
    else if (told.seq !== this.seq + 1 && told.type !== 'checkpoint')
      this.faults.push(`event ${told.seq} (${told.type}) after ${this.seq}`);
    this.seq = told.seq;
    this.moments.push(monotonic());
    if (told.type === 'comment.added') this.commentIds.push(told.payload?.id ?? '');
  }
}
