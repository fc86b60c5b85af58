import { expect, test } from 'vitest';
import { mayDeleteComment } from '../../../src/authz/rules/comment.ts';
import { mayDeleteThread } from '../../../src/authz/rules/thread.ts';
import type { Access } from '../../../src/authz/Authorizer.ts';

const accessOf = (id: string | null, permissions: string[]): Pick<Access, 'caller' | 'can'> => ({
  caller:
    id === null ? null : { id, username: id, name: id, actorType: 'person', sessionId: null, apiKeyId: null },
  can: (permission) => permissions.includes(permission),
});

test.each([
  ['the author', accessOf('ada', []), 'ada', true],
  ['another member', accessOf('bob', ['comments.delete', 'threads.delete']), 'ada', false],
  ['a moderator', accessOf('bob', ['members.remove']), 'ada', true],
  ['a moderator, when the author is anonymised', accessOf('bob', ['members.remove']), null, true],
  ['another member, when the author is anonymised', accessOf('bob', []), null, false],
  ['nobody in particular, when the author is anonymised', accessOf(null, []), null, false],
] as const)('%s may or may not delete a comment and a thread', (_, access, authorId, may) => {
  expect(mayDeleteComment(access, { authorId })).toBe(may);
  expect(mayDeleteThread(access, { authorId })).toBe(may);
});
