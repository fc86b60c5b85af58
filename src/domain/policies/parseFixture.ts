/**
 * Fixtures: given–then tests of the policy, written in YAML.
 *
 *     tests:
 *       - name: a viewer reads and does not write
 *         given:
 *           roles: [viewer]      # [] (the default): signed in without a role; anonymous: true: signed out
 *           project: public      # public, private (the default), or none: outside any project
 *           scopes: [threads.*]  # the call comes with an API key limited to these; left out: with none
 *         then:
 *           allow: [threads.list, comments.list]
 *           deny: [comments.add]
 */
import { z } from 'zod';
import { type Fault, type Reading, type Yaml, maxFaults, readYaml } from './readYaml.ts';

export interface Fixture {
  tests: readonly FixtureTest[];
}

export interface FixtureTest {
  name: string;
  given: Given;
  expectations: readonly Expectation[];
}

/** A word of the fixture, and its line. */
export interface Word {
  text: string;
  line: number;
}

/** Who calls, and where. */
export interface Given {
  isSignedIn: boolean;
  /** Names of roles given to the caller; those that everyone has come in addition. */
  roles: readonly Word[];
  /** none: outside any project. */
  project: 'public' | 'private' | 'none';
  /** Of the API key that the call comes with; null: it comes with none. */
  scopes: readonly Word[] | null;
}

export interface Expectation {
  /** `object.action`. */
  permission: string;
  expected: 'allow' | 'deny';
  line: number;
}

/** Words of one list: what is decided for every expectation stays short. */
const words = z.array(z.string()).max(100);
/** Each procedure stands once in a test at most, so these lists end by themselves. */
const permissions = z.array(z.string());
/** Expectations of one fixture: more are no test that somebody reads. */
export const maxExpectations = 2000;
const testSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    given: z
      .strictObject({
        roles: words.default([]),
        anonymous: z.boolean().default(false),
        project: z.enum(['public', 'private', 'none']).default('private'),
        scopes: words.min(1).optional(),
      })
      .refine(({ anonymous, roles, scopes }) => !anonymous || (roles.length === 0 && !scopes), {
        path: ['anonymous'],
        error: 'who is not signed in has neither roles nor an API key',
      })
      .prefault({}),
    // oxlint-disable-next-line unicorn/no-thenable -- a word of the format, and a schema: nobody awaits it.
    then: z
      .strictObject({ allow: permissions.default([]), deny: permissions.default([]) })
      .refine(({ allow, deny }) => allow.length + deny.length > 0, 'allow or deny one procedure at least'),
  })
  .transform(({ then, ...test }) => ({ ...test, outcome: then }));
const fixtureSchema = z.strictObject({ tests: z.array(testSchema).min(1) });

/** The faults that zod finds, each at the line where it is. */
function toFaults(error: z.ZodError, yaml: Yaml): Fault[] {
  const faults = error.issues.slice(0, maxFaults).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, maxFaults).map((key) => ({
        line: yaml.lineOfKey(issue.path, key),
        reason: `there is no key ${quote(key)} here`,
      }));
    const where = issue.path.findLast((step) => typeof step === 'string');
    const reason = where === undefined ? issue.message : `${where}: ${issue.message}`;
    return [{ line: yaml.lineOf(issue.path), reason }];
  });
  return faults.slice(0, maxFaults);
}

/** What was found, short enough for a message. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Permissions that stand in one test twice, and expectations beyond the most there may be. */
function* findSurplus({ tests }: Fixture): Generator<Fault> {
  for (const { expectations } of tests) {
    const seen = new Set<string>();
    for (const { permission, line } of expectations) {
      if (seen.has(permission)) yield { line, reason: `${quote(permission)} stands in this test twice` };
      seen.add(permission);
    }
  }
  const beyond = tests.flatMap(({ expectations }) => expectations)[maxExpectations];
  if (beyond) yield { line: beyond.line, reason: `here it goes beyond ${maxExpectations} expectations` };
}

/** Reads a fixture; whether there are such roles and procedures is for `findUnknown` to say. */
export function parseFixture(source: string): Reading<Fixture> {
  const { value: yaml, faults } = readYaml(source);
  if (faults) return { faults };
  const written = fixtureSchema.safeParse(yaml.data);
  if (!written.success) return { faults: toFaults(written.error, yaml) };
  const tests = written.data.tests.map(({ name, given, outcome }, index) => {
    const at = (texts: readonly string[], ...path: string[]): Word[] =>
      texts.map((text, place) => ({ text, line: yaml.lineOf(['tests', index, ...path, place]) }));
    return {
      name,
      given: {
        isSignedIn: !given.anonymous,
        roles: at(given.roles, 'given', 'roles'),
        project: given.project,
        scopes: given.scopes ? at(given.scopes, 'given', 'scopes') : null,
      },
      expectations: (['allow', 'deny'] as const).flatMap((expected) =>
        at(outcome[expected], 'then', expected).map(({ text, line }) => ({
          permission: text,
          expected,
          line,
        })),
      ),
    };
  });
  const surplus = [...findSurplus({ tests })].slice(0, maxFaults);
  return surplus.length > 0 ? { faults: surplus } : { value: { tests } };
}
