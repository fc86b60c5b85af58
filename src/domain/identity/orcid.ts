/**
 * Whether a text is an ORCID iD: four groups of four, `0000-0002-1825-0097`, whose last character is the
 * check digit by ISO 7064 MOD 11-2 (ORCID, "Structure of the ORCID Identifier"). The bare iD, no URL.
 */
export function isValidOrcid(text: string): boolean {
  if (!/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/.test(text)) return false;
  const characters = text.replaceAll('-', '');
  let total = 0;
  for (const digit of characters.slice(0, -1)) total = (total + Number(digit)) * 2;
  const check = (12 - (total % 11)) % 11;
  return characters.at(-1) === (check === 10 ? 'X' : String(check));
}
