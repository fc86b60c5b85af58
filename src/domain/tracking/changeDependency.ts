import type { EntityManager } from '@mikro-orm/postgresql';
import { TaskDependency } from '../../entities/tracking/TaskDependency.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { type DependencyView, viewDependency } from '../../views/tracking.ts';
import { findPath } from './findPath.ts';
import { followBlocking } from './followBlocking.ts';
import { countTasks } from './sql/countTasks.ts';
import { findCycleEdges } from './sql/findCycleEdges.ts';
import { findTaskTitles } from './sql/findTaskTitles.ts';
import { lockDependencies } from './sql/lockDependencies.ts';

/** Titles of a circle that an error names; of a longer one those in the middle are left out. */
const mostTitles = 12;

async function refuseCycle(em: EntityManager, pair: DependencyView): Promise<void> {
  const { taskId, dependsOn } = pair;
  const path = findPath(await findCycleEdges(em, pair), dependsOn, taskId);
  if (!path) return;
  const ids = [taskId, ...path];
  const titles = await findTaskTitles(em, ids);
  const named = ids.map((id) => `“${titles.get(id) ?? id}”`);
  if (named.length > mostTitles) named.splice(mostTitles / 2, named.length - mostTitles, '…');
  fail('DEPENDENCY_CYCLE', { cycle: named.join(' → ') }, { details: { taskIds: ids } });
}

/**
 * Makes a task wait for another one of the project; doing it twice changes nothing.
 * @throws NOT_FOUND (task), DEPENDENCY_CYCLE, which names the tasks in the circle.
 */
export async function addDependency(em: EntityManager, pair: DependencyView): Promise<DependencyView> {
  const { projectId, taskId, dependsOn } = pair;
  await lockDependencies(em, projectId);
  const wanted = [...new Set([taskId, dependsOn])];
  if ((await countTasks(em, projectId, wanted)) < wanted.length) fail('NOT_FOUND', { thing: 'task' });
  await refuseCycle(em, pair);
  if (await em.findOne(TaskDependency, { taskId, dependsOn })) return pair;
  await followBlocking(em, projectId, { taskId });
  const dependency = em.create(TaskDependency, { projectId, taskId, dependsOn });
  emit(em, `project:${projectId}`, 'task.dependencyAdded', () => viewDependency(dependency));
  return pair;
}

/** Lets a task wait for another no longer; it need not have waited for it. @throws NOT_FOUND (task) */
export async function removeDependency(em: EntityManager, pair: DependencyView): Promise<DependencyView> {
  const { projectId, taskId, dependsOn } = pair;
  await lockDependencies(em, projectId);
  if ((await countTasks(em, projectId, [taskId])) === 0) fail('NOT_FOUND', { thing: 'task' });
  const dependency = await em.findOne(TaskDependency, { projectId, taskId, dependsOn });
  if (!dependency) return pair;
  await followBlocking(em, projectId, { taskId });
  em.remove(dependency);
  emit(em, `project:${projectId}`, 'task.dependencyRemoved', () => pair);
  return pair;
}
