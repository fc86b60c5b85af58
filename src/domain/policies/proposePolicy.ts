import type { EntityManager } from '@mikro-orm/postgresql';
import { Snapshot } from '../../authz/Snapshot.ts';
import type { TesseraError } from '../../errors.ts';
import type { ProposalView, RefusalView } from '../../views/policies.ts';
import { type Affected, countAffected } from './countAffected.ts';
import { compareCells } from './describeCells.ts';
import { type Editor, findCandidateRefusals, findEditRefusals, nameRoles } from './findRefusals.ts';
import { findStale } from './holdPolicy.ts';
import { type PolicyEdit, planEdit } from './planEdit.ts';
import { readPolicy } from './readPolicy.ts';
import { readActorRefs } from './sql/readActorRefs.ts';
import { readProfiles } from './sql/readProfiles.ts';
import { readRoles } from './sql/readRoles.ts';

const viewRefusal = ({ errorCode, message, remedy, details }: TesseraError): RefusalView => ({
  code: errorCode,
  message,
  remedy,
  details: details ?? {},
});

/**
 * Works out what an edit would do, and does not do it: it takes no lock and writes nothing.
 * @param em of a transaction that sees one instant, so that all of it is about the same policy and people
 * @param options.inProjects permissions of the procedures that are called in a project
 */
export async function proposePolicy(
  em: EntityManager,
  edit: PolicyEdit,
  {
    baseEpoch,
    editor,
    inProjects,
  }: { baseEpoch: number | null; editor: Editor; inProjects: ReadonlySet<string> },
): Promise<ProposalView> {
  const { epoch, rules } = await readPolicy(em);
  const roles = await readRoles(em);
  const plan = planEdit(rules, edit);
  const [before, after] = [await Snapshot.of(rules, epoch), await Snapshot.of(plan.candidate, epoch)];
  const cells = compareCells(before, after, nameRoles(roles, [...rules, ...plan.candidate]));
  const permissions = [...new Set(cells.map(({ permission }) => permission))];
  const asked = { inProjects: permissions.some((permission) => inProjects.has(permission)) };
  const profiles = permissions.length > 0 ? await readProfiles(em, asked) : [];
  const affected = countAffected(profiles, { before, after, permissions, inProjects });
  const named = await readActorRefs(em, [...affected.gains.ids, ...affected.loses.ids]);
  const name = ({ count, ids }: Affected) => ({ count, some: ids.flatMap((id) => named.get(id) ?? []) });
  const stale = await findStale(em, baseEpoch, epoch);
  const { added, removed, unchanged } = plan;
  return {
    epoch,
    added,
    removed,
    unchanged,
    cells,
    people: affected.people,
    gains: name(affected.gains),
    loses: name(affected.loses),
    refusals: [
      ...(stale ? [stale] : []),
      ...(await findEditRefusals(plan, before, roles, editor)),
      ...(await findCandidateRefusals(em, before, after, roles)),
    ].map(viewRefusal),
  };
}
