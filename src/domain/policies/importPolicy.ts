import type { EntityManager } from '@mikro-orm/postgresql';
import { fail } from '../../errors.ts';
import { type PolicyChange, type PolicyChangeOptions, changePolicy } from './changePolicy.ts';
import { holdPolicy } from './holdPolicy.ts';
import { parsePolicyFile } from './parsePolicyFile.ts';
import { byText, editBetween } from './planEdit.ts';
import { readPolicy } from './readPolicy.ts';
import { readRoles } from './sql/readRoles.ts';

export interface PolicyImport extends PolicyChange {
  /** Lines about people, and those that an export derives: memberships are changed by their own procedures alone. */
  ignored: number;
}

/**
 * Makes the rules of a file (in Casbin's own format) the whole policy: what is not in it goes.
 * @throws BAD_POLICY_LINE, and all that changePolicy throws
 */
export async function importPolicy(
  em: EntityManager,
  text: string,
  options: PolicyChangeOptions,
): Promise<PolicyImport> {
  // Held while the file is compared with it: so that who decided on an older policy is told that first.
  await holdPolicy(em, options.baseEpoch);
  const { rules: current } = await readPolicy(em);
  const roles = new Map((await readRoles(em)).map((role) => [role.name, role.scope]));
  const { value: file, faults } = parsePolicyFile(text, { roles, present: byText(current) });
  if (!file) {
    const { line = 1, reason = 'it cannot be read' } = faults[0] ?? {};
    return fail('BAD_POLICY_LINE', { line, reason }, { details: { faults } });
  }
  const change = await changePolicy(em, editBetween(current, file.rules), options);
  return { ...change, ignored: file.ignored };
}
