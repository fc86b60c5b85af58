import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findMentions } from '../../../src/domain/threads/findMentions.ts';

describe('finding mentions in a comment', () => {
  test('finds each username once, in lower case, in order', () => {
    expect(findMentions('@Bob and @al-ice, see @bob! (@x_1)')).toEqual(['bob', 'al-ice', 'x_1']);
  });

  test('finds them in headings, quotes, lists, emphasis and link labels', () => {
    expect(findMentions('# for @a\n\n> hi @b\n\n- *@c* and **@d**\n\n[see @e](x)\nand\n@f')).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
    ]);
  });

  test.each([
    ['inline code', '`@bob` and ``a ` @bob``'],
    ['fenced code', '```ts\n@bob\n```\n\n~~~\n@bob'],
    ['indented code', 'text\n\n    @bob'],
    ['a link destination or title', '[x](https://a/@bob "@bob") [y]\n\n[y]: @bob'],
    ['an autolink', '<https://a.b/@bob> <irc://x?@bob> <mailto:@bob>'],
    ['a bare URL or path', 'https://a.b/@bob ./@bob'],
    ['an image', '![@bob](@bob)'],
    ['HTML', '<a title="@bob">x</a> <!-- @bob -->\n\n<div>\n@bob\n</div>'],
    ['an e-mail address', 'a@bob a+@bob me.you@bob.org é@bob'],
    ['an address elsewhere or a package', '@bob@host.org @bob/core'],
    ['an escaped at', '\\@bob &#64;bob'],
    ['a longer word', '@bobé @-bob @_bob _@_'],
  ])('finds none in %s', (_, text) => {
    expect(findMentions(text)).toEqual([]);
  });

  test('code and HTML beside a name are no part of it', () => {
    expect(findMentions('see`x`@a`y` b<br>@c')).toEqual(['a', 'c']);
  });

  test('a name has 1 to 39 characters and neither begins nor ends with a hyphen', () => {
    expect(findMentions(`@${'a'.repeat(39)} @${'b'.repeat(40)} @${'c-'.repeat(30)}`)).toEqual([
      'a'.repeat(39),
    ]);
    expect(findMentions('@bob- @al_ ok')).toEqual(['bob', 'al']);
  });

  test('punctuation and scripts without spaces end a name', () => {
    expect(findMentions('“@a”…@b。你好@c你好 @d: @e.')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('letters that only look like ASCII are no part of a name', () => {
    expect(findMentions('@\u212Aate @\u017Fam')).toEqual([]);
  });

  test('stops at 50', () => {
    const text = Array.from({ length: 80 }, (_, n) => `@u${n}`).join(' ');
    expect(findMentions(text)).toHaveLength(50);
  });

  test('whatever the text, only lower-case usernames come out', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '@',
        '`',
        '*',
        '_',
        '[',
        ']',
        '(',
        ')',
        '<',
        '>',
        '\\',
        '\n',
        '    ',
        '&#64;',
        '~~~',
        '- ',
      ),
      fc.string({ maxLength: 4 }),
      fc.constantFrom('bob', 'Al', '-', '__', 'İ', 'ſ'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        // What marks emphasis and escapes is not shown: of `@__bob__` one reads @bob.
        const bare = (marked: string) => marked.toLowerCase().replaceAll(/[_*\\]/g, '');
        const found = findMentions(text);
        expect(new Set(found).size).toBe(found.length);
        for (const username of found) {
          expect(username).toMatch(/^[a-z0-9](?:[a-z0-9_-]{0,37}[a-z0-9])?$/);
          expect(bare(text)).toContain(bare(`@${username}`));
        }
      }),
    );
  });

  test('code never mentions, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (code) => {
        const fenced = code.replaceAll('~', '').replaceAll(/\r\n?/g, '\n');
        expect(findMentions(`~~~\n@bob ${fenced}\n~~~`)).toEqual([]);
      }),
    );
  });

  test('64 KiB made to be slow is read within the time of a test', () => {
    const inline = ['[', '![', '[]', '](', '*', '**a ', '*a**b_c', '_a __b ', '***a', '`', '``a', '&#', '\\'];
    const links = ['[a](', '[a](<b', '[a](b "', '[a]: b\n', '<', '<!--', '<?', '<![CDATA[', '<a b="', '<a:'];
    const blocks = ['>', '> ', '* ', '- ', '1. ', '- a\n  - b\n', '~~~\n', '<div>\n', '| @a ', '\n '];
    const names = ['@', '@a-', '@a@', '@_', '+@', '.@', 'a+'];
    const hostile = [...inline, ...links, ...blocks, ...names];
    for (const unit of hostile) {
      const text = `x ${unit.repeat(Math.floor(65_500 / unit.length))} @bob`;
      expect(findMentions(text).length).toBeLessThanOrEqual(50);
    }
    const rising = Array.from({ length: 350 }, (_, n) => `${'`'.repeat(n)}@`).join('');
    const images = `${'![a '.repeat(8_000)}@bob${'](x)'.repeat(8_000)}`;
    for (const text of [rising, images, `@bob${'-'.repeat(65_000)}`, `@${'_'.repeat(65_000)}a`]) {
      expect(findMentions(text).length).toBeLessThanOrEqual(1);
    }
  });
});
