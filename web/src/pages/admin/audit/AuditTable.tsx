import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Person } from '../../../kit/Person.tsx';
import type { ActorRef } from '../../../kit/Person.tsx';
import { Time } from '../../../kit/Time.tsx';
import type { AuditRow } from './AuditLog.tsx';
import { describeLine, describeThing } from './describeRow.ts';

const words: Record<string, string> = {
  create: 'made',
  update: 'changed',
  delete: 'deleted',
  deny: 'was refused',
};
const vias: Record<AuditRow['via'], string> = {
  session: '',
  api_key: 'by an API key',
  worker: 'by a worker',
  system: 'by the system',
};
const mostShown = 300;
const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** A value of a column as text. */
function write(value: unknown): ReactNode {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string' && moment.test(value)) return <Time at={new Date(value)} as="moment" />;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text || 'an empty text';
}

function Changes({ changes }: { changes: AuditRow['changes'] }) {
  return (
    <dl className="audit-changes">
      {Object.entries(changes).map(([column, { old, new: now }]) => (
        <div key={column}>
          <dt>{column}</dt>
          <dd>
            {old === null || old === undefined ? (
              write(now)
            ) : (
              <>
                <del>{write(old)}</del> → <ins>{write(now)}</ins>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface AuditTableProps {
  rows: readonly AuditRow[];
  /** Those that are known, by id. */
  names: ReadonlyMap<string, ActorRef>;
}

/** Rows of the audit log: who did what to what, with old and new values. */
export function AuditTable({ rows, names }: AuditTableProps) {
  return (
    <div className="table-scroll">
      <Table aria-label="Audit log" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>Who</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Old → new</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ verticalAlign: 'top' }}>
          {rows.map(({ id, actorId, action, entityType, entityId, changes, via, createdAt }) => {
            const actor = actorId === null ? null : names.get(actorId);
            return (
              <Table.Tr key={id}>
                <Table.Td>
                  <Time at={createdAt} as="moment" />
                </Table.Td>
                <Table.Td>
                  {actor === undefined ? actorId : <Person actor={actor} />}
                  {vias[via] && actor && (
                    <Text size="sm" c="dimmed">
                      {vias[via]}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {words[action] ?? action} {describeThing(entityType)}
                  <Text size="xs" c="dimmed" className="audit-id">
                    {entityId}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {entityType === 'casbin_rules' ? (
                    describeLine(entityId, names)
                  ) : (
                    <Changes changes={changes} />
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}
