import { expect, test } from 'vitest';
import { type Standing, mayManage, mayRemove, maySeeInside } from '../../../src/authz/rules/organization.ts';

const owner: Standing = { role: 'owner', isAdmin: false };
const member: Standing = { role: 'member', isAdmin: false };
const stranger: Standing = { role: null, isAdmin: false };
const admin: Standing = { role: null, isAdmin: true };

test.each([
  ['an owner', owner, { sees: true, manages: true, removesOthers: true, leaves: true }],
  ['a member', member, { sees: true, manages: false, removesOthers: false, leaves: true }],
  ['a stranger', stranger, { sees: false, manages: false, removesOthers: false, leaves: false }],
  ['an administrator', admin, { sees: true, manages: true, removesOthers: true, leaves: true }],
])('%s may do in an organization what the role says', (_who, standing, may) => {
  expect({
    sees: maySeeInside(standing),
    manages: mayManage(standing),
    removesOthers: mayRemove(standing, 'me', 'other'),
    leaves: mayRemove(standing, 'me', 'me'),
  }).toEqual(may);
});
