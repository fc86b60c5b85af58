/** What the settings of credits and payments may be: see settings.ts. */
import { isIP } from 'node:net';
import { z } from 'zod';

const creditPackage = z.strictObject({
  /** Names it in `payments.checkout`. */
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'an id is of a–z, 0–9, dot, dash and underscore'),
  credits: z.number().int().min(1).max(1_000_000_000),
  /** Before tax, in the currency's smallest unit. */
  amountCents: z.number().int().min(0).max(1_000_000_000),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is three capitals, such as EUR'),
  /** The provider's product of this price. */
  productId: z.string().min(1).max(255).optional(),
});
/** So many credits for so much money. */
export type CreditPackage = z.infer<typeof creditPackage>;

/** A JSON list of packages, each id once. */
export const creditPackages = z.string().transform((text, ctx) => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    ctx.addIssue('must be a JSON list of packages');
    return z.NEVER;
  }
  const read = z.array(creditPackage).safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    ctx.addIssue(`${issue?.path.join('.') || 'the list'}: ${issue?.message}`);
    return z.NEVER;
  }
  const ids = new Set(read.data.map(({ id }) => id));
  if (ids.size < read.data.length) ctx.addIssue('two packages have the same id');
  return read.data;
});

/** `area.verb=credits`, comma-separated. */
export const jobPrices = z.string().transform((text, ctx) => {
  const prices = new Map<string, number>();
  for (const item of text.split(',').filter((part) => part.trim() !== '')) {
    const [, jobType, credits] = /^\s*([a-z][\w]*\.[a-z]\w*)\s*=\s*(\d{1,7})\s*$/i.exec(item) ?? [];
    if (jobType && credits) prices.set(jobType, Number(credits));
    else ctx.addIssue(`${item.trim()} is not a kind of job with whole credits, such as media.translate=10`);
  }
  return prices;
});

interface PaymentSettings {
  NODE_ENV?: string | undefined;
  HOST: string;
  PUBLIC_URL?: string | undefined;
  PAYMENTS?: 'polar' | 'test' | undefined;
  POLAR_ACCESS_TOKEN?: string | undefined;
  POLAR_WEBHOOK_SECRET: readonly string[];
  CREDIT_PACKAGES: readonly CreditPackage[];
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '[::1]' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Whether others than who sits at the machine may be served. */
function isPublic({ NODE_ENV, HOST, PUBLIC_URL }: PaymentSettings): boolean {
  return (
    NODE_ENV === 'production' ||
    !isLoopback(HOST) ||
    (PUBLIC_URL !== undefined && !isLoopback(new URL(PUBLIC_URL).hostname))
  );
}

/** What does not go together, in sentences. */
export function checkPaymentSettings(settings: PaymentSettings): string[] {
  const { PAYMENTS, CREDIT_PACKAGES } = settings;
  if (PAYMENTS === 'test')
    return isPublic(settings)
      ? [
          'PAYMENTS=test gives credits away: it is refused with NODE_ENV=production, and where HOST or PUBLIC_URL is not this machine alone.',
        ]
      : [];
  if (PAYMENTS !== 'polar') return [];
  const wrong: string[] = [];
  if (!settings.POLAR_ACCESS_TOKEN) wrong.push('PAYMENTS=polar needs POLAR_ACCESS_TOKEN.');
  if (settings.POLAR_WEBHOOK_SECRET.length === 0)
    wrong.push('PAYMENTS=polar needs POLAR_WEBHOOK_SECRET: without it no payment would be heard of.');
  if (CREDIT_PACKAGES.length === 0)
    wrong.push('PAYMENTS=polar needs CREDIT_PACKAGES: there would be nothing to buy.');
  for (const { id, productId } of CREDIT_PACKAGES)
    if (!productId) wrong.push(`PAYMENTS=polar needs a productId for the package ${id} of CREDIT_PACKAGES.`);
  return wrong;
}
