import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { furtherRules } from '../../src/authz/furtherRules.ts';
import { appRouter } from '../../src/routers/_app.ts';

const read = (path: string) => readFileSync(path, 'utf8');

/** Predicates of `authz/rules/<noun>.ts`, by noun: the functions that it exports. */
const nouns = readdirSync('src/authz/rules')
  .filter((file) => file !== 'FurtherRule.ts')
  .map((file) => {
    const source = read(`src/authz/rules/${file}`);
    const predicates = [...source.matchAll(/^export function (\w+)/gm)].map(([, name = '']) => name);
    return { file, predicates };
  });

const mentions = (text: string, names: Iterable<string>) =>
  [...names].some((name) => new RegExp(String.raw`\b${name}\b`).test(text));

/** The declarations of a source outside its router, each with its name and its text. */
function declarations(source: string): { name: string; text: string }[] {
  return source
    .split(/\n(?=(?:export|async|function|const|type|interface|import) |\/\*\*)/)
    .map((text) => ({ name: /^(?:export )?(?:async )?(?:function|const) (\w+)/.exec(text)?.[1] ?? '', text }))
    .filter(({ name, text }) => name !== '' && !text.includes('router({'));
}

/** The procedures of a source, each with its permission and its text. */
function written(source: string): { permission: string; text: string }[] {
  const starts = [
    ...source.matchAll(/^ {2}\w+: (?:project|instance)\.(?:query|mutation|subscription)\(\s*'([\w.]+)'/gm),
  ];
  return starts.map((start, index) => ({
    permission: start[1] ?? '',
    text: source.slice(start.index, starts[index + 1]?.index),
  }));
}

/** The procedures that ask one of the predicates, themselves or through what stands beside them. */
function askers(predicates: readonly string[]): string[] {
  return readdirSync('src/routers')
    .map((file) => read(`src/routers/${file}`))
    .flatMap((source) => {
      const asking = new Set(predicates);
      const helpers = declarations(source);
      for (let before = -1; before < asking.size;) {
        before = asking.size;
        for (const { name, text } of helpers) if (mentions(text, asking)) asking.add(name);
      }
      return written(source).filter(({ text }) => mentions(text, asking));
    })
    .map(({ permission }) => permission);
}

test.each(nouns)(
  'every procedure that asks a rule of $file is named beside it',
  async ({ file, predicates }) => {
    const module: { furtherRules?: typeof furtherRules } = await import(`../../src/authz/rules/${file}`);
    const named = new Set(module.furtherRules?.flatMap(({ procedures }) => procedures));
    const found = askers(predicates);
    expect(predicates.length).toBeGreaterThan(0);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((permission) => !named.has(permission))).toEqual([]);
    for (const rule of module.furtherRules ?? []) expect(furtherRules).toContain(rule);
  },
);

test('every further rule is a sentence about procedures that there are', () => {
  for (const { says, procedures } of furtherRules) {
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(procedures.filter((name) => !Object.hasOwn(appRouter._def.procedures, name))).toEqual([]);
  }
});
