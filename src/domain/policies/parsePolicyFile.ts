/**
 * Reads a policy in Casbin's own format: what `policies.export` writes, or another tool. Strict, because
 * a line that was misread would be a right that nobody meant to give: values are separated by commas and
 * have a closed set of characters, so there is nothing to quote.
 */
import { type PolicyRule, describeRule, fromLine } from '../../authz/PolicyRule.ts';
import { type RoleScopes, findFault } from './findRuleFaults.ts';
import { quote } from './parseFixture.ts';
import { type Fault, type Reading, maxFaults } from './readYaml.ts';

export interface PolicyFile {
  /** What roles may do and inherit; each rule once. */
  rules: readonly PolicyRule[];
  /** Lines about people, and lines that an export derives from the data: they are no part of the policy. */
  ignored: number;
}

/** What the rules of a file are held against. */
export interface PolicySurroundings {
  roles: RoleScopes;
  /** Rules that the policy has, by their text: what stands there already is not judged again. */
  present: ReadonlyMap<string, PolicyRule>;
}

/** Ids are the longest values, with what stands before them. */
const maxValueLength = 100;
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const userPattern = new RegExp(`^user:${uuid}$`);
const projectPattern = new RegExp(`^project:${uuid}$`);

/** What is wrong with a value, whatever it stands for. */
function findValueFault(value: string, place: number): string | undefined {
  if (value === '') return `value ${place} is empty`;
  const foreign = /[^A-Za-z0-9_.:*/@-]/u.exec(value)?.[0];
  if (foreign !== undefined) {
    const point = (foreign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `value ${place} holds ${quote(foreign)} (U+${point}), and only letters without accents, digits and _ . : * / @ - may stand there`;
  }
  if (value.length > maxValueLength) return `value ${place} has more than ${maxValueLength} characters`;
  const pattern = /^(?:like|regex):/.exec(value)?.[0];
  return pattern && `value ${place} begins with ${pattern}, which other tools take for a pattern`;
}

/** Whether a `g` line is one that an export derives from what everyone has, and from public projects. */
function isDerived([, child, parent, domain = '']: readonly string[]): boolean {
  if (child !== 'role:authenticated') return false;
  return parent === 'role:anonymous'
    ? domain === '*'
    : parent === 'role:guest' && projectPattern.test(domain);
}

/** What is wrong with a `g` line about a person; undefined: nothing. */
function findMembershipFault([, user = '', role = '', domain = '']: readonly string[], roles: RoleScopes) {
  if (!userPattern.test(user)) return `${quote(user)} is no actor: user: and an id`;
  if (!role.startsWith('role:') || !roles.has(role.slice('role:'.length)))
    return `there is no role ${quote(role)}`;
  if (domain !== '*' && !projectPattern.test(domain))
    return `${quote(domain)} is no domain: *, or project: and an id`;
  return undefined;
}

const widths: Record<string, number> = { p: 5, g: 4 };
const forms = `p, role:<name>, <router>, <procedure>, allow|deny and g, role:<name>, role:<name>, *`;

/** A rule, a reason to refuse the line, or neither: a line that is no part of the policy. */
function readLine(
  values: readonly string[],
  { roles, present }: PolicySurroundings,
): PolicyRule | string | undefined {
  const [ptype = ''] = values;
  if (ptype.startsWith('>')) return 'it is of npm, not of the policy: export with npm run -s';
  const width = Object.hasOwn(widths, ptype) ? widths[ptype] : undefined;
  if (width === undefined) return `${quote(ptype)} is neither p, nor g, nor # before a comment`;
  for (const [place, value] of values.entries()) {
    const fault = findValueFault(value, place);
    if (fault !== undefined) return fault;
  }
  if (values.length !== width) return `a ${ptype} line has ${width} values, and this one ${values.length}`;
  if (ptype === 'g' && values[1]?.startsWith('user:')) return findMembershipFault(values, roles);
  if (ptype === 'g' && isDerived(values)) return undefined;
  const rule = fromLine(values);
  if (!rule) return `rules are of the form ${forms}`;
  return present.has(describeRule(rule)) ? rule : (findFault(rule, roles) ?? rule);
}

/** Reads a whole file. Every fault names the line it is in. */
export function parsePolicyFile(text: string, surroundings: PolicySurroundings): Reading<PolicyFile> {
  const rules = new Map<string, PolicyRule>();
  const faults: Fault[] = [];
  let ignored = 0;
  // Programs for spreadsheets begin a file with a mark of its byte order.
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    // Not trim(), which takes away what looks like a space and is none.
    const content = line.replaceAll(/^[ \t]+|[ \t]+$/g, '');
    if (content === '' || content.startsWith('#')) continue;
    const found = readLine(
      content.split(',').map((value) => value.replaceAll(/^[ \t]+|[ \t]+$/g, '')),
      surroundings,
    );
    if (found === undefined) ignored += 1;
    else if (typeof found === 'object') rules.set(describeRule(found), found);
    else if (faults.push({ line: index + 1, reason: found }) === maxFaults) break;
  }
  return faults.length > 0 ? { faults } : { value: { rules: [...rules.values()], ignored } };
}
