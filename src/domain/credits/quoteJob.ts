/** Credits that kinds of job cost for each unit of work, as JOB_PRICES says; a kind that is not there is free. */
export type JobPrices = ReadonlyMap<string, number>;

/** What so many units of a kind of job cost: minutes, files, whatever the kind counts. A unit that is begun counts whole. */
export function quoteJob(prices: JobPrices, { jobType, units }: { jobType: string; units: number }): number {
  return (prices.get(jobType) ?? 0) * Math.ceil(units);
}
