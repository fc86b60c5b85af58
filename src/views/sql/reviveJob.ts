import type { JobRow } from '../jobs.ts';

/** A row of `jobs` as the ORM's connections return it: moments as PostgreSQL writes them. */
export function reviveJob<Row extends JobRow>(row: Row): Row {
  const { createdAt, updatedAt, startedAt, finishedAt } = row;
  return {
    ...row,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    startedAt: startedAt ? new Date(startedAt) : null,
    finishedAt: finishedAt ? new Date(finishedAt) : null,
  };
}
