/**
 * Why an attempt at a job was broken off: `lost` when the job was cancelled or given to another worker,
 * `stopping` when this process stops. The reason of a job's AbortSignal.
 */
export class Interruption extends Error {
  readonly why: 'lost' | 'stopping';

  constructor(why: 'lost' | 'stopping') {
    super(why === 'lost' ? 'The job was cancelled or given to another worker.' : 'The worker stops.');
    this.name = 'Interruption';
    this.why = why;
  }
}
