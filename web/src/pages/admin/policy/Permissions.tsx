import { Anchor, Group, SegmentedControl, Select, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { trpc } from '../../../api.ts';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { Page } from '../../../kit/Page.tsx';
import { toast } from '../../../kit/toast.ts';
import { useRights } from '../../../kit/useRight.ts';
import { DraftPanel } from './DraftPanel.tsx';
import { MatrixGrid } from './MatrixGrid.tsx';
import { type CellIndex, cellAt, changeOf, indexCells } from './cells.ts';
import { draftedCells, toggleChange, useDraft } from './draft.ts';
import { type RowFilter, listRows } from './matrixRows.ts';
import type { Matrix } from './rules.ts';
import { useLivePolicy } from './useLivePolicy.ts';
import { useProposal } from './useProposal.ts';

const everyRole = 'All roles';
const scopes: { value: RowFilter['scope']; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'project', label: 'In projects' },
  { value: 'instance', label: 'Elsewhere' },
];

const subpages = [
  { to: '/admin/policy/history', label: 'History', needs: 'policies.history' },
  { to: '/admin/policy/fixtures', label: 'Fixtures', needs: 'policies.fixtures' },
  { to: '/admin/policy/file', label: 'Import and export', needs: 'policies.export' },
];

/** The roles, by how much they may do. */
function leastFirst({ roles }: Matrix, cells: CellIndex): Matrix['roles'] {
  const count = (role: string) =>
    [...(cells.get(role)?.values() ?? [])].filter(({ state }) => state === 'own' || state === 'inherited')
      .length;
  return roles.toSorted((one, other) => count(one.name) - count(other.name));
}

function Whole({ matrix }: { matrix: Matrix }) {
  const [filter, setFilter] = useState<RowFilter>({ text: '', scope: 'all' });
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setRole] = useState<string | null>(null);
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false;
  const draft = useDraft();
  const proposal = useProposal(draft.changes, draft.baseEpoch);
  const cells = useMemo(() => indexCells(matrix), [matrix]);
  const rows = useMemo(() => listRows(matrix.procedures, filter, closed), [matrix, filter, closed]);
  const drafted = useMemo(() => draftedCells(draft), [draft]);
  const shownProposal = draft.changes.length > 0 ? proposal.data : undefined;
  const after = useMemo(
    () =>
      new Map(shownProposal?.cells.map((cell) => [`${cell.role} ${cell.permission}`, cell.after] as const)),
    [shownProposal],
  );
  const sorted = useMemo(() => leastFirst(matrix, cells), [matrix, cells]);
  const names = sorted.map(({ name }) => name);
  // A phone has room for one.
  const role = wanted ?? (isNarrow ? (names.includes('viewer') ? 'viewer' : (names[0] ?? null)) : null);
  const roles = sorted.filter(({ name }) => role === null || name === role);
  const toggle = (name: string, permission: string) => {
    const known = drafted.get(`${name} ${permission}`);
    const change = known ?? changeOf(name, permission, cellAt(cells, name, permission));
    if (typeof change === 'string') toast(change, 'failed');
    else toggleChange(change, matrix.epoch);
  };
  const toggleGroup = (noun: string) => setClosed((before) => before.symmetricDifference(new Set([noun])));
  const nouns = new Set(matrix.procedures.map(({ permission }) => permission.split('.')[0] ?? ''));
  return (
    <>
      <Group align="end" gap="sm">
        <TextInput
          label="Find a permission"
          type="search"
          placeholder="comments add"
          value={filter.text}
          onChange={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
        />
        <Select
          label="Role"
          allowDeselect={false}
          data={isNarrow ? names : [everyRole, ...names]}
          value={role ?? everyRole}
          onChange={(name) => setRole(name === everyRole ? null : name)}
        />
        <SegmentedControl
          aria-label="Where they are used"
          data={scopes}
          value={filter.scope}
          onChange={(scope) => setFilter({ ...filter, scope })}
        />
        <Anchor
          component="button"
          type="button"
          onClick={() => setClosed(closed.size > 0 ? new Set() : nouns)}
        >
          {closed.size > 0 ? 'Open all groups' : 'Close all groups'}
        </Anchor>
      </Group>
      <Text size="sm" id="matrix-legend">
        ✓ own: by a rule of the role itself · ↑ viewer: inherited, here from viewer · ✕ denied: by a rule,
        whatever else allows it · – not allowed: no rule speaks of it. Choose a cell to draft a change;
        nothing changes before you apply it. To take away what is inherited, a denial is drafted.
      </Text>
      {rows.length === 0 ? (
        <Text>No permission is called so.</Text>
      ) : (
        <MatrixGrid
          roles={roles}
          rows={rows}
          cells={cells}
          drafted={drafted}
          after={after}
          onToggle={toggle}
          onGroup={toggleGroup}
        />
      )}
      {draft.changes.length > 0 && (
        <DraftPanel draft={draft} proposal={shownProposal} error={proposal.error ?? undefined} />
      )}
    </>
  );
}

/** The whole policy as roles × procedures, and where it is changed. */
export default function Permissions() {
  const matrix = useQuery(trpc.policies.matrix.queryOptions({}));
  useLivePolicy(matrix.data?.epoch);
  const { may } = useRights();
  return (
    <Page
      title="Permissions"
      lead={matrix.data && `Version ${matrix.data.epoch} of the policy: what each role may do.`}
      actions={subpages.map(
        ({ to, label, needs }) =>
          may(needs) && (
            <Anchor key={to} component={Link} to={to}>
              {label}
            </Anchor>
          ),
      )}
    >
      {matrix.error && <FailureNotice error={matrix.error} onRetry={() => matrix.refetch()} />}
      {matrix.isPending && <Loading what="the permissions" />}
      {matrix.data && <Whole matrix={matrix.data} />}
    </Page>
  );
}
