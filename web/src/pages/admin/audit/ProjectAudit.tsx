import { Group } from '@mantine/core';
import { useState } from 'react';
import { client, trpc } from '../../../api.ts';
import { ProjectPage } from '../../../kit/ProjectPage.tsx';
import { byCursor, usePages } from '../../../kit/usePages.ts';
import { useProjectId } from '../../../kit/useProjectId.ts';
import { useRights } from '../../../kit/useRight.ts';
import { type AuditFilter, AuditFilters, AuditList, ExportButtons } from './AuditLog.tsx';
import { VerifyChain } from './VerifyChain.tsx';
import { exportPage, saveLog } from './saveLog.ts';

/** The project's audit log. */
export default function ProjectAudit() {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const [filter, setFilter] = useState<AuditFilter>({});
  const pages = usePages(trpc.audit.list.infiniteQueryOptions({ projectId, ...filter }, byCursor));
  const { fromAt, toAt } = filter;
  const save = (format: 'csv' | 'json') =>
    saveLog(`audit-${projectId}`, format, (cursor) =>
      client.audit.export.query({
        projectId,
        format,
        cursor,
        limit: exportPage,
        ...(fromAt && { fromAt }),
        ...(toAt && { toAt }),
      }),
    );
  return (
    <ProjectPage title="Audit log" lead="Who changed what, and whom something was refused.">
      {() => (
        <>
          <Group align="start" gap="xs">
            {may('audit.verify') && <VerifyChain verify={() => client.audit.verify.query({ projectId })} />}
            {may('audit.export') && <ExportButtons onExport={save} />}
          </Group>
          <AuditFilters filter={filter} onChange={setFilter} />
          <AuditList pages={pages} />
        </>
      )}
    </ProjectPage>
  );
}
