import type { People } from './world.ts';

const fixture = `tests:
  - name: a viewer reads, and does not write
    given:
      roles: [viewer]
    then:
      allow: [threads.list]
      deny: [comments.add]
`;

/** What an administrator has done: a role, two versions of the policy, a fixture, a suspension, and rows of the log. */
export async function administer({ ada, bob, cleo, admin }: People, projectId: string): Promise<void> {
  const { client } = admin;
  await client.roles.create.mutate({ name: 'auditor', scope: 'system', description: 'Reads the log.' });
  const allow = async (role: string, object: string, action: string, reason: string) => {
    const { epoch } = await client.policies.matrix.query();
    const rule = { kind: 'permission', role, object, action, effect: 'allow' } as const;
    await client.policies.apply.mutate({ changes: [{ op: 'add', rule }], baseEpoch: epoch, reason });
  };
  await allow('auditor', 'audit', 'system', 'Auditors read the log');
  await allow('guest', 'stars', 'list', 'Guests see stars');
  await client.policies.putFixture.mutate({ name: 'readers', source: fixture });
  await client.roles.assign.mutate({ actorId: bob.id, role: 'auditor' });
  await client.actors.suspend.mutate({ actorId: cleo.id });
  await ada.client.projects.update.mutate({
    projectId,
    description: 'What maps, films and museums say of them.',
    repositoryUrl: 'https://example.org/rivers.git',
  });
}
