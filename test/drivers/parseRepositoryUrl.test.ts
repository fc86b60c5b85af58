import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TesseraError } from '../../src/errors.ts';
import { checkRefName, isObjectName } from '../../src/drivers/git/checkRefName.ts';
import { parseRepositoryUrl } from '../../src/drivers/git/parseRepositoryUrl.ts';

function readRefusal(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof TesseraError ? error.errorCode : String(error);
  }
  return undefined;
}

describe('a repository URL', () => {
  it.each([
    ['https://example.org/a/b.git', { url: 'https://example.org/a/b.git', host: 'example.org', port: 443 }],
    ['HTTPS://Example.ORG:8443/a', { url: 'https://example.org:8443/a', host: 'example.org', port: 8443 }],
    ['https://127.1/a', { url: 'https://127.0.0.1/a', host: '127.0.0.1', port: 443 }],
    ['https://2130706433/a', { url: 'https://127.0.0.1/a', host: '127.0.0.1', port: 443 }],
    ['https://[::1]/a', { url: 'https://[::1]/a', host: '[::1]', port: 443 }],
    [
      'https://bücher.example/a',
      { url: 'https://xn--bcher-kva.example/a', host: 'xn--bcher-kva.example', port: 443 },
    ],
  ])('%s is understood', (text, expected) => {
    expect(parseRepositoryUrl(text)).toEqual({ kind: 'https', ...expected });
  });

  it.each([
    ['/srv/git/a', '/srv/git/a'],
    ['repositories/a', 'repositories/a'],
    ['file:///srv/git/a%20b', '/srv/git/a b'],
    ['/srv/odd:name', '/srv/odd:name'],
  ])('%s is a local path', (text, path) => {
    expect(parseRepositoryUrl(text)).toEqual({ kind: 'path', path });
  });

  it.each([
    '',
    'http://example.org/a',
    'ssh://git@example.org/a',
    'git@example.org:a/b.git',
    'git://example.org/a',
    'ext::sh -c touch% /tmp/x',
    'ftp://example.org/a',
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=x',
    'https://user@example.org/a',
    'https://user:password@example.org/a',
    'https://@example.org/a',
    'https://example.org/a?x=1',
    'https://example.org/a#b',
    'https://example.org/a b',
    'https://example.org/a\n',
    'https://example.org/a%0Ahost=evil.example',
    'https://example.org\\@evil.example/a',
    'https://example.org./a',
    'https://example.org:0/a',
    'https://exam\u200bple.org/a',
    'https:///',
    'https://',
    'file://server/share',
    'file:///a%00b',
    'file:///a%2Fb',
    '/srv/a\nb',
    '/srv/\u0000',
    `https://example.org/${'a'.repeat(250)}`,
  ])('%j is refused', (text) => {
    expect(readRefusal(() => parseRepositoryUrl(text))).toBe('REPOSITORY_URL_REFUSED');
  });

  it('of any text is either refused or safe to hand to git, and reads the same when read again', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl({ validSchemes: ['https', 'http', 'ssh', 'file'], withQueryParameters: true }),
      fc.string({ unit: 'binary' }).map((rest) => `https://${rest}`),
      fc.string({ unit: 'grapheme' }).map((rest) => `https://example.org/${rest}`),
    );
    fc.assert(
      fc.property(text, (given) => {
        const refusal = readRefusal(() => parseRepositoryUrl(given));
        expect([undefined, 'REPOSITORY_URL_REFUSED']).toContain(refusal);
        if (refusal !== undefined) return true;
        const parsed = parseRepositoryUrl(given);
        const isHttps = parsed.kind === 'https';
        const safe = isHttps ? parsed.url : parsed.path;
        expect(safe).not.toMatch(/^-|\p{Cc}/u);
        const again = safe.length <= 255 && isHttps ? parseRepositoryUrl(safe) : parsed;
        expect(again).toEqual(parsed);
        return !isHttps || /^https:\/\/[^/@?#\s]+\/[^?#\s]*$/.test(safe);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a ref name', () => {
  it.each(['main', 'feature/x', 'refs/heads/main', 'v1.0', 'bücher', '#12', 'a@b', 'a-'])(
    '%s is taken',
    (name) => {
      expect(readRefusal(() => checkRefName(name))).toBeUndefined();
    },
  );

  it.each([
    '',
    '-x',
    '--upload-pack=x',
    '@',
    'a..b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a.',
    'a@{1}',
    'a\nb',
    'a\u007f',
    'x'.repeat(256),
  ])('%j is unknown, because no ref can be named so', (name) => {
    expect(readRefusal(() => checkRefName(name))).toBe('REPOSITORY_REF_UNKNOWN');
  });

  it('is an object name only as 40 or 64 hexadecimal digits', () => {
    expect(isObjectName('a'.repeat(40))).toBe(true);
    expect(isObjectName('0'.repeat(64))).toBe(true);
    expect(isObjectName('a'.repeat(39))).toBe(false);
    expect(isObjectName(`${'a'.repeat(40)}\n`)).toBe(false);
    expect(isObjectName('A'.repeat(40))).toBe(false);
  });
});
