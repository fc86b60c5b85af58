import { readFileSync } from 'node:fs';
import type { Enforcer } from 'casbin';
import { casbin } from '../../src/authz/casbin.ts';

const modelText = readFileSync(new URL('../../src/authz/model.conf', import.meta.url), 'utf8');

/**
 * Casbin as anyone would set it up: the plain model, every rule in memory, its own role manager, and the
 * domain matching function that the model asks for. What it decides is what Tessera must decide.
 * @param lines `[ptype, v0, v1, …]`, those of people among them.
 */
export async function stockEnforcer(lines: readonly (readonly string[])[]): Promise<Enforcer> {
  const enforcer = await casbin.newEnforcer(casbin.newModelFromString(modelText));
  await enforcer.addNamedDomainMatchingFunc('g', casbin.Util.keyMatchFunc);
  // A line that stands there twice is refused, and with it all that are added at once.
  const unique = [...new Map(lines.map((line) => [line.join(), line])).values()];
  const linesOf = (ptype: string) => unique.filter((line) => line[0] === ptype).map((line) => line.slice(1));
  await enforcer.addPolicies(linesOf('p'));
  await enforcer.addGroupingPolicies(linesOf('g'));
  return enforcer;
}
