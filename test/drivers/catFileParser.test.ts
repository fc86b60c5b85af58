import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CatFileParser } from '../../src/drivers/git/catFileParser.ts';

interface Parsed {
  oid: string;
  content: string | null;
}

function parseInPieces(output: Buffer, cuts: readonly number[]): { parsed: Parsed[]; ended: boolean } {
  const parser = new CatFileParser();
  const parsed: Parsed[] = [];
  const bounds = [0, ...cuts.map((cut) => Math.min(cut, output.length)).sort((a, b) => a - b), output.length];
  for (const [index, start] of bounds.slice(0, -1).entries()) {
    parser.push(output.subarray(start, bounds[index + 1]));
    for (let piece = parser.read(); piece; piece = parser.read()) {
      if (piece.kind === 'missing') parsed.push({ oid: piece.oid, content: null });
      else if (piece.kind === 'header') parsed.push({ oid: piece.oid, content: '' });
      else {
        const current = parsed.at(-1);
        if (current) current.content = (current.content ?? '') + piece.bytes.toString('latin1');
      }
    }
  }
  return { parsed, ended: parser.isBetweenObjects };
}

const object = fc.record({
  oid: fc.stringMatching(/^[0-9a-f]{40}$/),
  content: fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'))),
});

function writeObject({ oid, content }: Parsed): Buffer {
  if (content === null) return Buffer.from(`${oid} missing\n`);
  return Buffer.from(`${oid} blob ${content.length}\n${content}\n`, 'latin1');
}

it('reads the same objects however the output of cat-file is cut up', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(object, { maxLength: 8 }), cuts, (objects, places) => {
      const output = Buffer.concat(objects.map(writeObject));
      expect(parseInPieces(output, places)).toEqual({ parsed: objects, ended: true });
    }),
  );
});

it('knows when the output ends in the middle of an object', () => {
  const output = writeObject({ oid: 'a'.repeat(40), content: 'content' });
  for (let length = 1; length < output.length; length++) {
    expect(parseInPieces(output.subarray(0, length), []).ended).toBe(false);
  }
});

it('throws for what cat-file does not write', () => {
  for (const output of ['a blob x\n', 'a blob 1\nxx', 'a blob\n', 'x'.repeat(300)]) {
    expect(() => parseInPieces(Buffer.from(output), [])).toThrow(SyntaxError);
  }
});
