import type { ActorRef } from '../../../kit/Person.tsx';
import type { AuditRow } from './AuditLog.tsx';

const things: Record<string, string> = {
  casbin_rules: 'a rule of the permissions',
  actors: 'an account',
  procedure: '',
};

/** What a row is about, in words. */
export const describeThing = (entityType: string): string =>
  things[entityType] ?? entityType.replaceAll('_', ' ');

const inRule = /user:([\da-f-]{36})/;

/** Ids of the people whom a row names. */
export const namedIn = ({ actorId, entityType, entityId }: AuditRow): string[] => {
  const held = entityType === 'casbin_rules' ? inRule.exec(entityId)?.[1] : undefined;
  return [actorId, held].filter((id) => typeof id === 'string');
};

const role = (subject = '') => subject.replace(/^role:/, '');

/** A rule of the permissions as the log has it (`g user:… role:editor project:…`), in words. */
export function describeLine(line: string, names: ReadonlyMap<string, ActorRef>): string {
  const [kind, subject = '', second = '', third = '', effect = ''] = line.split(' ');
  if (kind === 'p') return `${role(subject)} ${effect === 'deny' ? 'may never' : 'may'} ${second}.${third}`;
  if (kind !== 'g') return line;
  if (subject.startsWith('role:')) return `${role(subject)} has all that ${role(second)} has`;
  const id = inRule.exec(subject)?.[1] ?? '';
  const where = third === '*' ? 'everywhere' : `in the project ${third.replace(/^project:/, '')}`;
  return `${names.get(id)?.name ?? id} has the role ${role(second)} ${where}`;
}
