import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countLines, sliceLines } from '../../../src/domain/threads/lines.ts';
import type { Anchor } from '../../../src/domain/threads/placeAnchor.ts';
import { placeAnchor } from '../../../src/domain/threads/placeAnchor.ts';

function makeAnchor(content: string, lineStart: number, lineEnd: number): Anchor {
  return { path: 'a.ts', lineStart, lineEnd, text: sliceLines(content, lineStart, lineEnd) };
}

const before = [
  'import x',
  '',
  'function one() {',
  '  return 1;',
  '}',
  '',
  'function two() {',
  '  return 2;',
  '}',
];
const content = `${before.join('\n')}\n`;

/** The file with some lines replaced: `splice` on its lines. */
function edit(start: number, removed: number, ...added: string[]): string {
  return `${before.toSpliced(start - 1, removed, ...added).join('\n')}\n`;
}

describe('placing a thread on its lines in another version', () => {
  const anchor = makeAnchor(content, 7, 8);

  test('an unchanged file keeps the place', () => {
    expect(placeAnchor(anchor, content, content)).toEqual({
      state: 'current',
      path: 'a.ts',
      lineStart: 7,
      lineEnd: 8,
    });
  });

  test('lines added and removed above shift it', () => {
    expect(placeAnchor(anchor, content, edit(1, 2, 'x', 'y', 'z'))).toMatchObject({
      state: 'current',
      lineStart: 8,
      lineEnd: 9,
    });
  });

  test('the new path of a renamed file is taken over', () => {
    expect(placeAnchor(anchor, content, content, 'b.ts')).toMatchObject({ state: 'current', path: 'b.ts' });
  });

  test('a changed line makes it outdated, at the lines that took its place', () => {
    const outdated = { state: 'outdated', path: 'a.ts', lineStart: 7, lineEnd: 8 };
    expect(placeAnchor(anchor, content, edit(7, 1, 'class Two {'))).toEqual(outdated);
    expect(placeAnchor(anchor, content, edit(8, 1, '  return 3;'))).toEqual(outdated);
    expect(placeAnchor(anchor, content, edit(7, 2, 'class Two {', '  value = 2;'))).toEqual(outdated);
    expect(placeAnchor(anchor, content, edit(5, 4, '};', '//', 'class Two {', '  value = 2;'))).toEqual(
      outdated,
    );
  });

  test('a removed block makes it outdated, at the line that follows', () => {
    expect(placeAnchor(anchor, content, edit(7, 2))).toMatchObject({
      state: 'outdated',
      lineStart: 7,
      lineEnd: 7,
    });
  });

  test('a line written into the range makes it outdated, over the longer range', () => {
    expect(placeAnchor(anchor, content, edit(8, 0, '  log();'))).toMatchObject({
      state: 'outdated',
      lineStart: 7,
      lineEnd: 9,
    });
  });

  test('a line written right before or after the range is no change to it', () => {
    expect(placeAnchor(anchor, content, edit(7, 0, 'x'))).toMatchObject({ state: 'current', lineStart: 8 });
    expect(placeAnchor(anchor, content, edit(9, 0, 'x'))).toMatchObject({ state: 'current', lineStart: 7 });
  });

  test('a block that moved elsewhere is current there', () => {
    const [first, second] = [before.slice(2, 5), before.slice(6, 9)];
    const moved = ['import x', '', ...second, '', ...first, 'more', 'lines'].join('\n');
    expect(placeAnchor(makeAnchor(content, 7, 9), content, moved)).toMatchObject({
      state: 'current',
      lineStart: 3,
      lineEnd: 5,
    });
  });

  test('a removed block that had a twin is outdated, not moved onto the twin', () => {
    const twice = 'a\nblock\nb\nblock\nc\n';
    expect(placeAnchor(makeAnchor(twice, 2, 2), twice, 'a\nb\nblock\nc\n')).toMatchObject({
      state: 'outdated',
      lineStart: 2,
    });
  });

  test('a block that now stands in two other places is outdated', () => {
    const old = 'block\nx\ny\nz';
    expect(placeAnchor(makeAnchor(old, 1, 1), old, 'q\nx\nblock\ny\nz').state).toBe('current');
    expect(placeAnchor(makeAnchor(old, 1, 1), old, 'q\nx\nblock\ny\nblock\nz').state).toBe('outdated');
  });

  test('a lone brace is not followed to another brace', () => {
    expect(placeAnchor(makeAnchor('a\n}\nb\nc', 2, 2), 'a\n}\nb\nc', 'a\nb\nc\n}').state).toBe('outdated');
  });

  test('an emptied file makes it outdated on line 1', () => {
    expect(placeAnchor(anchor, content, '')).toEqual({
      state: 'outdated',
      path: 'a.ts',
      lineStart: 1,
      lineEnd: 1,
    });
  });

  test('other line endings and a missing last newline are no change', () => {
    expect(placeAnchor(anchor, content, content.replaceAll('\n', '\r\n'))).toMatchObject({
      state: 'current',
    });
    expect(placeAnchor(makeAnchor(content, 9, 9), content, content.trimEnd())).toMatchObject({
      state: 'current',
      lineStart: 9,
    });
    const dos = content.replaceAll('\n', '\r\n');
    expect(placeAnchor({ ...anchor, text: anchor.text.replaceAll('\n', '\r\n') }, dos, content).state).toBe(
      'current',
    );
  });

  test('when the old content is no longer kept, the same text nearest by is taken', () => {
    const found = placeAnchor(makeAnchor('x\ny\nblock', 3, 3), '', 'block\n1\n2\nblock\n5');
    expect(found).toMatchObject({ state: 'current', lineStart: 4 });
    expect(placeAnchor(makeAnchor('x\ny\nblock', 3, 3), '', 'q').state).toBe('outdated');
  });

  test('versions too different to compare are searched for the text', () => {
    const noise = (period: string) => Array.from({ length: 150_000 }, (_, n) => period[n % period.length]!);
    const old = [...noise('ab'), 'the anchored line'].join('\n');
    const changed = [...noise('aab'), 'the anchored line', 'tail'].join('\n');
    const placed = placeAnchor(makeAnchor(old, 150_001, 150_001), old, changed);
    expect(placed).toMatchObject({ state: 'current', lineStart: 150_001 });
  });
});

describe('placing, for any file', () => {
  const line = fc.constantFrom('a', 'b', 'c', '', '}', 'return x;');
  const file = fc
    .tuple(fc.array(line, { maxLength: 25 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, ending, closed]) => lines.join(ending) + (closed && lines.length > 0 ? ending : ''));
  const anchored = file
    .filter((text) => countLines(text) > 0)
    .chain((text) =>
      fc
        .tuple(fc.integer({ min: 1, max: countLines(text) }), fc.integer({ min: 1, max: countLines(text) }))
        .map(([a, b]) => ({ text, anchor: makeAnchor(text, Math.min(a, b), Math.max(a, b)) })),
    );

  test('the same file is the same place', () => {
    fc.assert(
      fc.property(anchored, ({ text, anchor }) => {
        const { path, lineStart, lineEnd } = anchor;
        expect(placeAnchor(anchor, text, text)).toEqual({ state: 'current', path, lineStart, lineEnd });
      }),
    );
  });

  test('k new lines above shift it by k', () => {
    fc.assert(
      fc.property(anchored, fc.integer({ min: 0, max: 9 }), fc.nat(), ({ text, anchor }, count, where) => {
        const lines = text.split(/\r?\n/);
        const added = Array.from({ length: count }, (_, n) => `new ${n}`);
        const changed = lines.toSpliced(where % anchor.lineStart, 0, ...added).join('\n');
        expect(placeAnchor(anchor, text, changed)).toMatchObject({
          state: 'current',
          lineStart: anchor.lineStart + count,
          lineEnd: anchor.lineEnd + count,
        });
      }),
    );
  });

  test('deleting everything makes it outdated', () => {
    fc.assert(
      fc.property(anchored, ({ text, anchor }) => {
        expect(placeAnchor(anchor, text, '').state).toBe('outdated');
      }),
    );
  });

  test('the place lies inside the new file, and a current one shows the same text', () => {
    fc.assert(
      fc.property(anchored, file, fc.boolean(), ({ text, anchor }, changed, kept) => {
        const placed = placeAnchor(anchor, kept ? text : '', changed);
        expect(placed.lineStart).toBeGreaterThanOrEqual(1);
        expect(placed.lineEnd).toBeGreaterThanOrEqual(placed.lineStart);
        expect(placed.lineEnd).toBeLessThanOrEqual(Math.max(1, countLines(changed)));
        if (placed.state === 'current') {
          expect(sliceLines(changed, placed.lineStart, placed.lineEnd)).toBe(anchor.text);
        }
      }),
    );
  });

  test('the place does not depend on versions in between: a revert restores it', () => {
    fc.assert(
      fc.property(anchored, fc.array(file), file, ({ text, anchor }, between, last) => {
        const alone = placeAnchor(anchor, text, last);
        for (const version of between) placeAnchor(anchor, text, version);
        expect(placeAnchor(anchor, text, last)).toEqual(alone);
        expect(placeAnchor(anchor, text, text)).toMatchObject({
          state: 'current',
          lineStart: anchor.lineStart,
        });
      }),
    );
  });
});
