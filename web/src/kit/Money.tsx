const locale = navigator.language;

/** An amount of money in the reader's language: “€12.50”. @param currency ISO 4217 */
export const Money = ({ cents, currency }: { cents: number; currency: string }) => (
  <span lang={locale}>
    {new Intl.NumberFormat(locale, { style: 'currency', currency }).format(cents / 100)}
  </span>
);
