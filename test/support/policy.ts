import { expect } from 'vitest';
import type { PolicyRule } from '../../src/authz/PolicyRule.ts';
import type { Person, TestServer } from './server.ts';

type Change = { op: 'add' | 'remove'; rule: PolicyRule };

/** `p role:<role> <object> <action> <effect>` of `object.action`. */
export function permission(role: string, name: string, effect: 'allow' | 'deny' = 'allow'): PolicyRule {
  const [object = '', action = ''] = name.split('.');
  return { kind: 'permission', role, object, action, effect };
}

/** `g role:<role> role:<parent> *`. */
export const inheritance = (role: string, inherits: string): PolicyRule => ({
  kind: 'inheritance',
  role,
  inherits,
});

export const add = (...rules: PolicyRule[]): Change[] => rules.map((rule) => ({ op: 'add', rule }));
export const remove = (...rules: PolicyRule[]): Change[] => rules.map((rule) => ({ op: 'remove', rule }));

/** The policy's epoch, and all of its rules as text. */
export async function policyOf(server: TestServer): Promise<{ epoch: number; lines: string[] }> {
  const { reads } = server.tessera.services;
  const { rows } = await reads.query<{ epoch: string }>(
    `select epoch from authz_epochs where name = 'policy'`,
  );
  const rules = await reads.query<{ line: string }>(
    `select concat_ws(', ', ptype, v0, v1, v2, v3) as line from casbin_rules
     where not (ptype = 'g' and v0 like 'user:%') order by 1`,
  );
  return { epoch: Number(rows[0]?.epoch), lines: rules.rows.map(({ line }) => line) };
}

/** Applies changes to the policy as it is. */
export async function applyNow(server: TestServer, editor: Person, changes: Change[], reason = 'a test') {
  const { epoch: baseEpoch } = await policyOf(server);
  return editor.client.policies.apply.mutate({ changes, baseEpoch, reason });
}

/** Fails when work that is refused changed rules, epoch or history. */
export async function expectNothingChanged(server: TestServer, work: () => Promise<unknown>): Promise<void> {
  const state = async () => ({
    ...(await policyOf(server)),
    versions: (await server.tessera.services.reads.query('select count(*) from authz_versions')).rows,
  });
  const before = await state();
  await work();
  expect(await state()).toEqual(before);
}
