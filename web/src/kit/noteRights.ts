import { toast } from './toast.ts';
import { formatCount } from './numbers.tsx';

/** One change is told of by every subscription that it concerns: they are waited for, and said once. */
const gatherMs = 200;
/** Named one by one, up to so many. */
const mostNamed = 3;

const lost = new Set<string>();
const gained = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

const name = (permissions: ReadonlySet<string>) =>
  permissions.size <= mostNamed ? [...permissions].join(', ') : `${formatCount(permissions.size)} things`;

/** Says which rights the reader has gained and lost. */
export function noteRights(before: ReadonlySet<string>, now: ReadonlySet<string>): void {
  for (const permission of before.difference(now)) if (!gained.delete(permission)) lost.add(permission);
  for (const permission of now.difference(before)) if (!lost.delete(permission)) gained.add(permission);
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (lost.size > 0) toast(`Your rights have changed. You may no longer: ${name(lost)}.`, 'failed');
    if (gained.size > 0) toast(`Your rights have changed. You may now: ${name(gained)}.`);
    lost.clear();
    gained.clear();
  }, gatherMs);
}
