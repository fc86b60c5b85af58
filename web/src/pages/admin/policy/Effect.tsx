import { Alert, List, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { Count } from '../../../kit/numbers.tsx';
import type { State } from './cells.ts';
import type { Proposal, Version } from './rules.ts';
import { StaleNotice } from './StaleNotice.tsx';

const words: Record<State, string> = {
  own: '✓ allowed by its own rule',
  inherited: '↑ allowed, inherited',
  denied: '✕ denied',
  none: '– not allowed',
};
const mostCells = 100;

type Affected = Proposal['gains'];

function People({ who, verb }: { who: Affected; verb: string }) {
  if (who.count === 0) return <Text size="sm">Nobody {verb}.</Text>;
  const names = who.some.map(({ name, username }) => `${name} (@${username})`);
  const others = who.count - names.length;
  return (
    <Text size="sm">
      <Count value={who.count} /> {who.count === 1 ? 'person' : 'people'}{' '}
      {who.count === 1 ? verb : verb.replace(/s$/, '')}: {names.join(', ')}
      {others > 0 && (
        <>
          {' '}
          and <Count value={others} /> more
        </>
      )}
      .
    </Text>
  );
}

interface Failure {
  fixture: string;
  test: string;
  line: number;
  sentence: string;
}

function Refusal({ refusal }: { refusal: Proposal['refusals'][number] }) {
  const failures = refusal.code === 'FIXTURES_FAILED' ? (refusal.details['failures'] as Failure[]) : [];
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={failures.length > 0 ? 'Fixtures would fail.' : refusal.message}
    >
      {failures.length > 0 && (
        <List size="sm" mb="xs">
          {failures.map(({ fixture, test, line, sentence }) => (
            <List.Item key={`${fixture} ${line} ${sentence}`}>
              {fixture}, line {line} ({test}): {sentence}.
            </List.Item>
          ))}
        </List>
      )}
      <Text size="sm">{refusal.remedy}</Text>
    </Alert>
  );
}

/**
 * What a change of the policy would do: cells, people, and what would refuse it.
 * @param onRebase decides on the newest policy instead, when the policy has changed meanwhile
 */
export function Effect({ proposal, onRebase }: { proposal: Proposal; onRebase: (epoch: number) => void }) {
  const { cells, gains, loses, refusals, unchanged } = proposal;
  const stale = refusals.find(({ code }) => code === 'POLICY_STALE');
  const others = refusals.filter((refusal) => refusal !== stale);
  return (
    <Stack gap="sm" role="region" aria-label="Effect of the changes">
      {stale && (
        <StaleNotice
          message={stale.message}
          versions={(stale.details['versions'] ?? []) as Version[]}
          onRebase={() => onRebase(proposal.epoch)}
        />
      )}
      {others.map((refusal) => (
        <Refusal key={refusal.message} refusal={refusal} />
      ))}
      {refusals.length === 0 && (
        <Alert
          color="green"
          variant="light"
          icon={<IconCheck aria-hidden />}
          title="Nothing stands in the way of these changes."
        />
      )}
      <div>
        <People who={gains} verb="gains" />
        <People who={loses} verb="loses" />
      </div>
      {unchanged.length > 0 && (
        <Text size="sm">
          <Count value={unchanged.length} /> of the changes would change nothing: they are so already.
        </Text>
      )}
      {cells.length > 0 && (
        <div className="table-scroll">
          <Table aria-label="Cells that would change">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Role</Table.Th>
                <Table.Th>Permission</Table.Th>
                <Table.Th>Now</Table.Th>
                <Table.Th>Then</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {cells.slice(0, mostCells).map(({ role, permission, before, after }) => (
                <Table.Tr key={`${role} ${permission}`}>
                  <Table.Td>{role}</Table.Td>
                  <Table.Td>{permission}</Table.Td>
                  <Table.Td>{words[before]}</Table.Td>
                  <Table.Td>{words[after]}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {cells.length > mostCells && (
            <Text size="sm">
              and <Count value={cells.length - mostCells} /> more
            </Text>
          )}
        </div>
      )}
    </Stack>
  );
}
