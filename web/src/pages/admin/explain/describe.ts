import type { Outputs } from 'tessera-client';

export type Explanation = Outputs['policies']['explain'];
type Source = Explanation['roles'][number];

/** Why it was decided so, in a sentence. */
export const reasons: Record<Explanation['reason'], string> = {
  allowedByRule: 'A rule allows it.',
  deniedByRule: 'A rule denies it, whatever else would allow it.',
  noRule: 'No rule allows it to any of the roles.',
  noSuchProject: 'There is no such project.',
  projectDeleted: 'The project is deleted: it can only be restored.',
  suspended: 'The account is suspended: it can only sign out.',
  deleted: 'The account is deleted.',
  keyClosed: 'No API key reaches this.',
  keyProject: 'The API key is limited to other projects.',
  keyScope: 'The scopes of the API key do not cover it.',
  keyRevoked: 'The API key is revoked.',
  keyExpired: 'The API key has expired.',
};

const ways = {
  direct: 'given in the project',
  everywhere: 'given everywhere',
  everyone: 'everyone who calls like this has it',
  publicProject: 'the project is public',
};

/** By which way a role is had. */
export function describeSource(source: Source): string {
  if (source.via === 'organization') return `through ${source.organization.name}, which is a member`;
  if (source.via === 'inherited') return `inherited by ${source.from}`;
  return ways[source.via];
}
