const longest = 60;

/** Matches a whole identifier: 1 to 60 of a–z, 0–9, and single hyphens between them. */
export const identifierPattern = /^(?=.{1,60}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Latin letters that Unicode does not decompose into a base letter and a mark. */
const folded: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
};

/**
 * Makes an identifier (the slug in URLs) from a name: Unicode's NFKD without marks, lower case, everything
 * but a–z and 0–9 to single hyphens, at most 60 characters. Never empty: `project` where nothing is left,
 * as for a name in Chinese. It is not made unique here.
 */
export function makeIdentifier(name: string): string {
  const identifier = name
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[ßæœøđðþłħıŋ]/g, (letter) => folded[letter] ?? '')
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, longest)
    .replace(/-$/, '');
  return identifier === '' ? 'project' : identifier;
}
