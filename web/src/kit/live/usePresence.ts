import { useEffect, useRef, useState } from 'react';
import { type PresentPerson, type ProjectPlace, joinProject } from 'tessera-client';
import { client } from '../../api.ts';
import { useRights } from '../useRight.ts';

/**
 * Shows oneself in a project for as long as the component is there, and answers who is (oneself included).
 * @param subject `file:<path>`, `thread:<id>`, or null for the project as such; it may change
 */
export function usePresence(projectId: string, subject: string | null): readonly PresentPerson[] {
  const [people, setPeople] = useState<readonly PresentPerson[]>([]);
  const place = useRef<ProjectPlace>(undefined);
  const first = useRef(subject);
  const { isKnown, may } = useRights(projectId);
  // Who was refused joins again when the right is back.
  const isRefused = isKnown && !may('presence.watch');
  useEffect(() => {
    if (isRefused) return undefined;
    const joined = joinProject(client, projectId, {
      subject: first.current,
      onPeople: setPeople,
      onError: () => setPeople([]),
    });
    place.current = joined;
    return () => {
      // What does not reach the server ends by itself, seconds after the subscription.
      joined.leave().catch(() => {});
    };
  }, [projectId, isRefused]);
  useEffect(() => {
    if (first.current !== subject) place.current?.moveTo(subject);
    first.current = subject;
  }, [subject]);
  return people;
}
