import { defaultPermissions } from './defaultPolicy.ts';

/** `router.procedure` in its two parts. */
export function splitPermission(permission: string): [object: string, action: string] {
  const [object = '', action = ''] = permission.split('.');
  return [object, action];
}

/** Every permission there is: a procedure's name is its permission. */
export const permissionNames: readonly string[] = Object.entries(defaultPermissions).flatMap(
  ([object, actions]) => Object.keys(actions).map((action) => `${object}.${action}`),
);

/** Taken apart once: who gives a role away is compared with each of its rules. */
const parts = permissionNames.map((name) => ({ name, split: splitPermission(name) }));

/** The permissions that a rule about `object.action` covers: with `*`, all of an object or of all objects. */
export function permissionsUnder(object: string, action: string): readonly string[] {
  return parts
    .filter(
      ({ split: [ownObject, ownAction] }) =>
        (object === '*' || object === ownObject) && (action === '*' || action === ownAction),
    )
    .map(({ name }) => name);
}
