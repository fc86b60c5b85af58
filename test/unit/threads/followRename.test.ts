import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followRename } from '../../../src/domain/threads/followRename.ts';

/** Added files by path, and a reader of their texts that counts how often it is asked. */
function makeVersion(files: Record<string, string>) {
  const texts = new Map<string, string>();
  const added = Object.entries(files).map(([path, text]) => {
    const sha256 = hash('sha256', text);
    texts.set(sha256, text);
    return { path, sha256 };
  });
  const reads: string[] = [];
  async function readText(sha256: string): Promise<string | null> {
    reads.push(sha256);
    return texts.get(sha256) ?? null;
  }
  return { added, readText, reads };
}

function follow(path: string, text: string | null, version: ReturnType<typeof makeVersion>, sha?: string) {
  return followRename(path, text, sha ?? hash('sha256', text ?? ''), version.added, version.readText);
}

const text = 'one\ntwo\nthree\nfour\n';

describe('following a renamed file', () => {
  test('the same content is found without reading any', async () => {
    const version = makeVersion({ 'x/other.ts': 'else', 'y/moved.ts': text });
    expect(await follow('a/old.ts', text, version)).toBe('y/moved.ts');
    expect(version.reads).toEqual([]);
  });

  test('among files of the same content the one of the same name is taken', async () => {
    const version = makeVersion({ 'a/copy.ts': text, 'z/old.ts': text });
    expect(await follow('a/old.ts', text, version)).toBe('z/old.ts');
  });

  test('a file that kept at least half of its lines is found', async () => {
    const version = makeVersion({ 'b.ts': 'one\ntwo\nthree\n5\n6\n', 'c.ts': 'one\n7\n8\n9\n' });
    expect(await follow('a.ts', text, version)).toBe('b.ts');
  });

  test('the more alike wins over the same name; of the equally alike the same extension', async () => {
    const unequal = makeVersion({ 'x/a.ts': 'one\ntwo\n5\n6\n', 'x/b.md': 'one\ntwo\nthree\n6\n' });
    expect(await follow('a.ts', text, unequal)).toBe('x/b.md');
    const equal = makeVersion({ 'a.md': 'one\ntwo\nthree\nX\n', 'b.ts': 'one\ntwo\nthree\nY\n' });
    expect(await follow('old.ts', text, equal)).toBe('b.ts');
  });

  test('files with little in common, blank lines aside, are not the same file', async () => {
    const version = makeVersion({ 'b.ts': 'one\n\n\n\n\n\n7\n8\n9\n' });
    expect(await follow('a.ts', 'one\n\n\n\n\n\n2\n3\n4\n', version)).toBeNull();
  });

  test('without the old text only the same content is found', async () => {
    const version = makeVersion({ 'b.ts': text });
    expect(await follow('a.ts', null, version, hash('sha256', text))).toBe('b.ts');
    expect(await follow('a.ts', null, version, 'ff')).toBeNull();
    expect(version.reads).toEqual([]);
  });

  test('a candidate whose text is not kept is passed over', async () => {
    const version = makeVersion({ 'c.ts': `${text}five\n` });
    version.added.unshift({ path: 'b.ts', sha256: 'unknown' });
    expect(await follow('a.ts', text, version)).toBe('c.ts');
  });

  test('at most 50 files are read, the likeliest first', async () => {
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`dir/${n}.md`, `n ${n}`]));
    const version = makeVersion({ ...files, 'zz/old.ts': `${text}five\n` });
    expect(await follow('a/old.ts', text, version)).toBe('zz/old.ts');
    expect(version.reads).toHaveLength(50);
  });

  test('the order of the candidates does not matter, and no path but an added one comes out', async () => {
    const line = fc.constantFrom('one', 'two', 'three', 'four', 'x', '');
    const path = fc.constantFrom('a/old.ts', 'b/old.ts', 'b/new.ts', 'b/new.md', 'c/old.md');
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          path,
          fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n')),
        ),
        fc.infiniteStream(fc.nat()),
        async (files, order) => {
          const version = makeVersion(files);
          const found = await follow('q/old.ts', text, version);
          const shuffled = version.added.map((candidate) => ({ candidate, at: order.next().value }));
          version.added = shuffled.sort((a, b) => a.at - b.at).map(({ candidate }) => candidate);
          expect(await follow('q/old.ts', text, version)).toBe(found);
          if (found !== null) expect(files).toHaveProperty([found]);
        },
      ),
    );
  });
});
