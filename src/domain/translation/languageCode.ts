/**
 * The canonical form of a language tag (BCP 47, by RFC 5646, 4.5): `PT-br` is `pt-BR`, `iw` is `he`.
 * @returns undefined for what is no tag of a language.
 */
export function canonicalizeLanguage(tag: string): string | undefined {
  try {
    const locale = new Intl.Locale(tag);
    return locale.language === 'und' ? undefined : Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
