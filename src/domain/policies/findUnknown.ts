import { isKeyScope, isProcedure } from '../../authz/procedures.ts';
import { type Fixture, quote } from './parseFixture.ts';
import type { RoleScopes } from './findRuleFaults.ts';
import type { Fault } from './readYaml.ts';

/** Names in a fixture of which there is no such thing: what it expects of them would be a misunderstanding. */
export function* findUnknown({ tests }: Fixture, roles: RoleScopes): Generator<Fault> {
  for (const { given, expectations } of tests) {
    for (const { text, line } of given.roles) {
      const scope = roles.get(text);
      if (scope === undefined || scope === 'implicit') {
        const known = [...roles].filter(([, held]) => held !== 'implicit').map(([name]) => name);
        yield { line, reason: `there is no role ${quote(text)} to be given, only ${known.join(', ')}` };
      } else if (scope === 'project' && given.project === 'none')
        yield { line, reason: `the role ${text} is held in a project, and this test is outside any` };
    }
    for (const { text, line } of given.scopes ?? [])
      if (!isKeyScope(text)) yield { line, reason: `an API key cannot have the scope ${quote(text)}` };
    for (const { permission, line } of expectations)
      if (!isProcedure(permission)) yield { line, reason: `there is no procedure ${quote(permission)}` };
  }
}
