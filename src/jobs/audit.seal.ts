import { sealAudit } from '../domain/audit/sealAudit.ts';
import type { Recurring } from './recurring.ts';

/** Every minute seals what the audit log has gained. */
export const sealAuditLog: Recurring = {
  name: 'audit.seal',
  schedule: '* * * * *',
  async run({ orm }) {
    await sealAudit(orm);
  },
};
