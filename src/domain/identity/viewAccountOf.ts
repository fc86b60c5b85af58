import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../entities/identity/Actor.ts';
import { Role } from '../../entities/identity/Role.ts';
import { type AccountView, viewAccount } from '../../views/identity.ts';

/** An account as its owner sees it, inside the transaction that changed it. */
export async function viewAccountOf(actor: Actor, em: EntityManager): Promise<AccountView> {
  const role = actor.roleId ? await em.findOne(Role, { id: actor.roleId }) : null;
  return viewAccount(actor, role?.name ?? null);
}
