import type { EntityManager } from '@mikro-orm/postgresql';
import type { Project } from '../../entities/projects/Project.ts';
import type { ActorRef } from '../../views/identity.ts';
import { tellPerson } from '../notifications/tellPerson.ts';
import { findSpeakers } from './tellOfTransfer.ts';

/**
 * Tells the account to which a project passed because its owner's was deleted, or those who speak for it, that its jobs
 * are charged to it from now on.
 * @param of.former id of the deleted account
 */
export async function tellOfInheritance(
  em: EntityManager,
  { project, former, heir }: { project: Project; former: string; heir: ActorRef },
): Promise<void> {
  const payer = heir.actorType === 'person' ? 'you' : heir.name;
  for (const userId of (await findSpeakers(em, heir)).toSorted()) {
    await tellPerson(em, {
      userId,
      type: 'project.inherited',
      title: `The project “${project.name}” passed to ${payer}`,
      message: `The account that owned it was deleted. Its jobs are charged to ${payer} from now on; you may offer the project to somebody else.`,
      subject: `project:${project.id}`,
      payload: { projectId: project.id, ownerId: heir.id },
      // Somebody may inherit a project twice, from different owners.
      cause: `project.inherited:${project.id}:${former.slice(-12)}`,
    });
  }
}
