import { z } from 'zod';

/** `area.verb=most`, comma-separated: how many jobs of a kind run at once. */
export const jobLimits = z.string().transform((text, ctx) => {
  const limits: Record<string, number> = {};
  for (const item of text.split(',').filter((part) => part.trim() !== '')) {
    const [, jobType, most] = /^\s*([a-z]\w*\.[a-z]\w*)\s*=\s*([1-9]\d{0,5})\s*$/i.exec(item) ?? [];
    if (jobType && most) limits[jobType] = Number(most);
    else ctx.addIssue(`${item.trim()} is not a kind of job with a number, such as media.probe=2`);
  }
  return limits;
});
