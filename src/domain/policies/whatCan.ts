import { isAllowed } from '../../authz/decide.ts';
import { permissionNames } from '../../authz/permissionNames.ts';
import { fail } from '../../errors.ts';
import type { AccessView } from '../../views/access.ts';
import { describeRoles } from './describeRoles.ts';
import { type PolicyReads, supposeCalls } from './supposeCall.ts';

/**
 * Everything that somebody may do now: a project's procedures by what they hold in the project (or, without
 * one, everywhere), all others by what they hold everywhere.
 * @param isInProject whether the procedure of this name is called in a project
 * @throws NOT_FOUND (person, project, API key)
 */
export async function whatCan(
  tools: PolicyReads,
  who: { actorId: string | null; projectId: string | null; apiKeyId: string | null },
  isInProject: (permission: string) => boolean,
): Promise<AccessView> {
  const { inProject, outside } = await supposeCalls(tools, who);
  if (inProject.situation.project?.state === 'unknown') return fail('NOT_FOUND', { thing: 'project' });
  return {
    roles: describeRoles(inProject),
    permissions: permissionNames.filter((permission) => {
      const { snapshot, situation } = isInProject(permission) ? inProject : outside;
      return isAllowed(snapshot, situation, permission);
    }),
  };
}
