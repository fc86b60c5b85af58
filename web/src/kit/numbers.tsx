const locale = navigator.language;
const whole = new Intl.NumberFormat(locale);
const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A number as the reader writes it: “12,345”. */
export const formatCount = (value: number | bigint) => whole.format(value);
/** A share of one: 0.42 → “42%”. */
export const formatShare = (value: number) => share.format(value);
/** A size: 1_500_000 → “1.5 MB”. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = sizes[step] ?? 'byte';
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step);
}

const milliseconds = new Intl.NumberFormat(locale, {
  style: 'unit',
  unit: 'millisecond',
  maximumFractionDigits: 1,
});
/** A short time: 12.34 → “12.3 ms”. */
export const formatMilliseconds = (value: number) => milliseconds.format(value);
/** How the reader's language divides a number's fraction, for inputs that are typed into. */
export const decimalSign = fine.formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
/** An amount of credits: “1,200 credits”. */
export const formatCredits = (value: number | bigint) =>
  `${fine.format(value)} ${Number(value) === 1 ? 'credit' : 'credits'}`;

export const Milliseconds = ({ value }: { value: number }) => (
  <span lang={locale}>{formatMilliseconds(value)}</span>
);
export const Count = ({ value }: { value: number | bigint }) => (
  <span lang={locale}>{formatCount(value)}</span>
);
export const Bytes = ({ value }: { value: number }) => <span lang={locale}>{formatBytes(value)}</span>;
/** An amount of credits: “1,200 credits”. */
export const Credits = ({ value }: { value: number | bigint }) => (
  <span>
    <span lang={locale}>{fine.format(value)}</span> {Number(value) === 1 ? 'credit' : 'credits'}
  </span>
);
