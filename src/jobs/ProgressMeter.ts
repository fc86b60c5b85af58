/** What a meter shows: whole percent, 100 being kept for the completed job. */
export interface Reading {
  percent: number;
  stage: string | null;
  message: string | null;
}

/**
 * Turns how far each stage is into how far the job is: stages in their order, each by its share. It never
 * goes back, neither within a stage nor when a job is taken up again.
 */
export class ProgressMeter {
  readonly #starts = new Map<string, number>();
  readonly #stages: Readonly<Record<string, number>>;
  readonly #total: number;
  #reading: Reading;

  /** @param floor percent that an earlier attempt reached. */
  constructor(stages: Readonly<Record<string, number>>, floor: number) {
    this.#stages = stages;
    let total = 0;
    for (const [stage, share] of Object.entries(stages)) {
      this.#starts.set(stage, total);
      total += share;
    }
    this.#total = total;
    this.#reading = { percent: Math.min(floor, 99), stage: null, message: null };
  }

  get reading(): Reading {
    return this.#reading;
  }

  /** @returns whether the reading is another now. */
  report(stage: string, fraction: number, message: string | null): boolean {
    const before = this.#reading;
    const done =
      (this.#starts.get(stage) ?? 0) + (this.#stages[stage] ?? 0) * Math.min(1, Math.max(0, fraction || 0));
    const percent = Math.max(before.percent, Math.min(99, Math.floor((100 * done) / this.#total)));
    if (percent === before.percent && stage === before.stage && message === before.message) return false;
    this.#reading = { percent, stage, message };
    return true;
  }
}
