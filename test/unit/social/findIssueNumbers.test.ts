import { expect, test } from 'vitest';
import { findIssueNumbers } from '../../../src/domain/social/findIssueNumbers.ts';
import { startCpuClock } from '../../support/cpuClock.ts';

test.each<[string, number[]]>([
  ['#12', [12]],
  ['See #12.', [12]],
  ['(#3), #4; “#5”', [3, 4, 5]],
  ['#7 and #7 again, then #1', [7, 1]],
  ['Fixes #10\nand #11', [10, 11]],
  ['- in a list: #2\n\n> quoted #3\n\n## Heading #4', [2, 3, 4]],
  ['**#8** and _#9_', [8, 9]],
  ['見る#12号', [12]],
  ['[see #6](https://example.org/#99)', [6]],
])('%j names issues', (text, numbers) => {
  expect(findIssueNumbers(text)).toEqual(numbers);
});

test.each([
  'nothing',
  '',
  '# 12 is a heading',
  '#0 and #012',
  '#1234567890',
  'C#12, a_#12, ##12, /#12',
  '#12a, #12_, #1.5, #fff',
  '`#12` and ``a `#13` b``',
  '```\n#12\n```',
  '    #12 indented',
  String.raw`\#12`,
  '&#12; &#35;12',
  '<b title="#12">x</b>',
  '<https://example.org/#12>',
  'https://example.org/#12',
  '![#12](x.png)',
])('%j names none', (text) => {
  expect(findIssueNumbers(text)).toEqual([]);
});

test('no more than fifty are looked for, and hostile text is read in no time', () => {
  const many = Array.from({ length: 80 }, (_, index) => `#${index + 1}`).join(' ');
  expect(findIssueNumbers(many)).toHaveLength(50);
  const spent = startCpuClock();
  findIssueNumbers('#'.repeat(65_536));
  findIssueNumbers('#1.'.repeat(21_000));
  findIssueNumbers('`#1'.repeat(21_000));
  expect(spent()).toBeLessThan(1500);
});
