import type { StageView } from '../views/jobs.ts';

/** What a meter shows: whole percent, 100 being kept for the completed job. */
export interface Reading {
  percent: number;
  stage: string | null;
  message: string | null;
}

type SegmentCounts = NonNullable<StageView['segments']>;

/**
 * Turns how far each stage is into how far the job is: stages in their order, each by its share. It never
 * goes back, neither within a stage nor when a job is taken up again.
 */
export class ProgressMeter {
  readonly #stages = new Map<string, StageView>();
  readonly #total: number;
  #reading: Reading;

  /**
   * @param weights stages in their order, with their shares.
   * @param reached what an earlier attempt showed: the whole in percent, and its stages.
   */
  constructor(
    weights: Readonly<Record<string, number>>,
    reached: { percent: number; stages?: readonly StageView[] },
  ) {
    let total = 0;
    for (const [name, weight] of Object.entries(weights)) {
      const before = reached.stages?.find((stage) => stage.name === name);
      this.#stages.set(name, {
        name,
        weight,
        progress: before?.progress ?? 0,
        segments: before?.segments ?? null,
      });
      total += weight;
    }
    this.#total = total;
    this.#reading = { percent: Math.min(reached.percent, 99), stage: null, message: null };
  }

  get reading(): Reading {
    return this.#reading;
  }

  /** Every stage as it is now. */
  get stages(): StageView[] {
    return structuredClone([...this.#stages.values()]);
  }

  /** Every stage as it is when the work is done. */
  get finishedStages(): StageView[] {
    return this.stages.map((stage) => Object.assign(stage, { progress: 100 }));
  }

  /** @returns whether the reading is another now. */
  report(name: string, fraction: number, message: string | null, segments?: SegmentCounts): boolean {
    const before = this.#reading;
    const stage = this.#stages.get(name);
    const isNew = stage !== undefined && this.#advance(stage, fraction, segments);
    const percent = Math.max(before.percent, Math.min(99, Math.floor(this.#reached(name, fraction))));
    if (!isNew && percent === before.percent && name === before.stage && message === before.message)
      return false;
    this.#reading = { percent, stage: name, message };
    return true;
  }

  #advance(stage: StageView, fraction: number, segments: SegmentCounts | undefined): boolean {
    const progress = Math.max(stage.progress, Math.floor(100 * clamp(fraction)));
    const { segments: known } = stage;
    const isSame =
      progress === stage.progress &&
      (segments === undefined ||
        (known?.total === segments.total &&
          known.completed === segments.completed &&
          known.failed === segments.failed));
    stage.progress = progress;
    if (segments) stage.segments = segments;
    return !isSame;
  }

  /** Percent of the whole, when this stage is so far and those before it are done. */
  #reached(name: string, fraction: number): number {
    let done = 0;
    for (const stage of this.#stages.values()) {
      if (stage.name === name) return (100 * (done + stage.weight * clamp(fraction))) / this.#total;
      done += stage.weight;
    }
    return 0;
  }
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction || 0));
}
