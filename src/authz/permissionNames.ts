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

/** The permissions that a rule about `object.action` covers: with `*`, all of an object or of all objects. */
export function permissionsUnder(object: string, action: string): readonly string[] {
  return permissionNames.filter((name) => {
    const [ownObject, ownAction] = splitPermission(name);
    return (object === '*' || object === ownObject) && (action === '*' || action === ownAction);
  });
}
