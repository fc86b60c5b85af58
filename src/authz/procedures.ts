import { defaultPermissions } from './defaultPolicy.ts';
import { closedToApiKeys } from './heldRoles.ts';

/** Whether there is a procedure of this name, `router.procedure`: that is the name of its permission too. */
export function isProcedure(permission: string): boolean {
  const [object = '', action = '', ...rest] = permission.split('.');
  return rest.length === 0 && isRouter(object) && Object.hasOwn(defaultPermissions[object] ?? {}, action);
}

/** Whether there is a router of this name: an object of the policy. */
export function isRouter(object: string): boolean {
  return Object.hasOwn(defaultPermissions, object);
}

/** Whether an API key can be limited to it: `*`, `object.*` or `object.action` of something that keys may reach. */
export function isKeyScope(scope: string): boolean {
  if (scope === '*') return true;
  const [object = ''] = scope.split('.');
  if (closedToApiKeys.has(object) || !isRouter(object)) return false;
  return scope === `${object}.*` || isProcedure(scope);
}
