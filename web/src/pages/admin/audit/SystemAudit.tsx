import { Group } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { client, trpc } from '../../../api.ts';
import { Page } from '../../../kit/Page.tsx';
import { byCursor, usePages } from '../../../kit/usePages.ts';
import { useRights } from '../../../kit/useRight.ts';
import { type AuditFilter, AuditFilters, AuditList, ExportButtons } from './AuditLog.tsx';
import { VerifyChain } from './VerifyChain.tsx';
import { exportPage, saveLog } from './saveLog.ts';

const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;

/** The audit log of all that belongs to no project. */
export default function SystemAudit() {
  const { may } = useRights();
  const { actorId }: { actorId?: unknown } = useSearch({ strict: false });
  const [filter, setFilter] = useState<AuditFilter>(
    typeof actorId === 'string' && uuid.test(actorId) ? { actorId } : {},
  );
  const pages = usePages(trpc.audit.system.infiniteQueryOptions(filter, byCursor));
  const { fromAt, toAt } = filter;
  const save = (format: 'csv' | 'json') =>
    saveLog('audit', format, (cursor) =>
      client.audit.exportSystem.query({
        format,
        cursor,
        limit: exportPage,
        ...(fromAt && { fromAt }),
        ...(toAt && { toAt }),
      }),
    );
  return (
    <Page
      title="Audit log"
      lead="Who changed what outside projects: accounts, organizations, roles, permissions; and whom something was refused. Each project has a log of its own."
    >
      <Group align="start" gap="xs">
        {may('audit.verifySystem') && <VerifyChain verify={() => client.audit.verifySystem.query()} />}
        {may('audit.exportSystem') && <ExportButtons onExport={save} />}
      </Group>
      <AuditFilters filter={filter} onChange={setFilter} />
      <AuditList pages={pages} />
    </Page>
  );
}
