/** The words that large seed data is written with: always the same ones, a few of them in most rows and most in few. */

/** What a pattern records; every name begins with one. */
export const heads = [
  'Title',
  'Name',
  'Date',
  'Identifier',
  'Note',
  'Condition',
  'Material',
  'Technique',
  'Inscription',
  'Provenance',
  'Dimension',
  'Accession',
  'Location',
  'Creator',
  'Period',
  'Style',
  'Subject',
  'Rights',
  'Source',
  'Language',
  'Measurement',
  'Appellation',
  'Custody',
  'Production',
  'Acquisition',
  'Exhibition',
  'Conservation',
  'Depiction',
  'Attribution',
  'Reproduction',
];

const onsets = [
  'b',
  'br',
  'c',
  'd',
  'f',
  'g',
  'gl',
  'h',
  'k',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  'st',
  't',
  'tr',
  'v',
  'z',
];
const vowels = ['a', 'e', 'i', 'o', 'u'];
const codas = ['l', 'm', 'n', 'r', 's', 't', 'x', 'nd'];
const syllables = onsets.flatMap((onset) => vowels.map((vowel) => onset + vowel));
/** Neighbours sound different: 37 and 100 have no divisor in common, so none comes twice. */
const syllable = (n: number) => syllables[(n * 37) % 100] ?? '';

/** @param count how many words, 10,000 at most; no two are the same. */
export function makeWords(count: number): string[] {
  return Array.from(
    { length: count },
    (_, n) => syllable(n) + syllable(Math.floor(n / 100) + n + 11) + (codas[(n * 5) % 8] ?? ''),
  );
}
