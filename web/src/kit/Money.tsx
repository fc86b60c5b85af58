const locale = navigator.language;

const formatOf = (currency: string) => new Intl.NumberFormat(locale, { style: 'currency', currency });

/** How many of the smallest coins make one of the currency: 100 cents a euro, one yen a yen. */
export const coinsOf = (currency: string): number =>
  10 ** (formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2);

/** An amount of money in the reader's language: “€12.50”. @param cents in the smallest coin of the currency */
export const formatMoney = (cents: number, currency: string): string =>
  formatOf(currency).format(cents / coinsOf(currency));

/** An amount of money in the reader's language: “€12.50”. @param currency ISO 4217 */
export const Money = ({ cents, currency }: { cents: number; currency: string }) => (
  <span lang={locale}>{formatMoney(cents, currency)}</span>
);
