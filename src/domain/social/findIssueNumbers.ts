import { readProse } from '../threads/readProse.ts';
import { wordCharacter } from '../threads/wordCharacter.ts';

const mostReferences = 50;

/**
 * A `#` after a letter or digit belongs to a word, one after `/` to a path, one after `&` to an entity, one
 * after `#` to nothing. Behind the number no more of a word may follow, nor decimals. The columns hold
 * numbers of nine digits.
 */
const pattern = new RegExp(
  String.raw`(?<!${wordCharacter}|[_/&#])#([1-9][0-9]{0,8})(?![_0-9]|${wordCharacter}|\.[0-9])`,
  'gu',
);

/**
 * Finds which issues a CommonMark text names as `#12`: their numbers, unique, in order of first appearance,
 * at most 50. Not those in code, HTML, images, link destinations and autolinks, nor where the `#` is escaped.
 * Whether there is such an issue is not asked.
 */
export function findIssueNumbers(text: string): number[] {
  const numbers = new Set<number>();
  for (const prose of readProse(text, '#')) {
    for (const [, digits] of prose.matchAll(pattern)) {
      numbers.add(Number(digits));
      if (numbers.size === mostReferences) return [...numbers];
    }
  }
  return [...numbers];
}
