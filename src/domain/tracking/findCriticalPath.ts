import type { OpenTask } from '../../views/sql/listOpenTasks.ts';
import type { CriticalPath } from '../../views/tracking.ts';

/** The chain that ends with a task: how many days it takes, and what comes before. */
interface Chain {
  days: number;
  before: OpenTask | null;
}

/**
 * The chain of open tasks, each waiting for the one before, whose days add up to the most: as long as that is
 * not done, the whole is not. Of equals the one whose tasks come first in the list.
 *
 * The critical path of Kelley and Walker (1959), by one walk in topological order (Kahn 1962). Tasks in a
 * circle, which only a write past the procedures could make, are on no path.
 */
export function findCriticalPath(tasks: readonly OpenTask[]): CriticalPath {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const waiting = new Map(tasks.map((task) => [task.id, task.dependsOn.length]));
  const dependents = new Map<string, OpenTask[]>(tasks.map((task) => [task.id, []]));
  for (const task of tasks) for (const id of task.dependsOn) dependents.get(id)?.push(task);
  const chains = new Map<string, Chain>();
  const ready = tasks.filter((task) => task.dependsOn.length === 0);
  for (const task of ready) {
    let chain: Chain = { days: task.days, before: null };
    for (const id of task.dependsOn) {
      const days = (chains.get(id)?.days ?? 0) + task.days;
      if (days > chain.days) chain = { days, before: byId.get(id) ?? null };
    }
    chains.set(task.id, chain);
    for (const dependent of dependents.get(task.id) ?? []) {
      const left = (waiting.get(dependent.id) ?? 0) - 1;
      waiting.set(dependent.id, left);
      if (left === 0) ready.push(dependent);
    }
  }
  let last: OpenTask | null = null;
  let days = 0;
  for (const task of tasks) {
    const chain = chains.get(task.id);
    if (chain && chain.days > days) [last, days] = [task, chain.days];
  }
  const path: CriticalPath['tasks'] = [];
  for (let task = last; task; task = chains.get(task.id)?.before ?? null) {
    const { dependsOn: _, ...shown } = task;
    path.push(shown);
  }
  return { days, tasks: path.toReversed() };
}
