import { holdForJob } from '../domain/credits/holdForJob.ts';
import { type JobPrices, quoteJob } from '../domain/credits/quoteJob.ts';
import type { JobDefinition } from './defineJob.ts';
import type { Admission } from './enqueue.ts';
import { readParams } from './readParams.ts';

/**
 * Makes what every new job passes in the transaction that queues it: its params must be what its handler takes,
 * and the price of what the handler quotes is held. A kind that is not among the handlers is free, and waits for
 * a worker that knows it.
 */
export function makeAdmission(handlers: ReadonlyMap<string, JobDefinition>, prices: JobPrices): Admission {
  return ({ jobType, projectId, params }) => {
    const definition = handlers.get(jobType);
    if (!definition) return { unitPrice: 0 };
    const units = definition.quote(readParams(definition, params));
    const amount = quoteJob(prices, { jobType, units });
    if (amount <= 0) return { unitPrice: 0 };
    return {
      // As it is now: a price that changes later concerns later jobs.
      unitPrice: quoteJob(prices, { jobType, units: 1 }),
      hold: (em, jobId) => holdForJob(em, { jobId, projectId, amount }),
    };
  };
}
