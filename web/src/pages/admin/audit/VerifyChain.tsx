import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { Outputs } from 'tessera-client';
import { CopyButton } from '../../../kit/CopyButton.tsx';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { Time } from '../../../kit/Time.tsx';
import { formatCount } from '../../../kit/numbers.tsx';

type Verdict = Outputs['audit']['verify'];

const broken: Record<NonNullable<Verdict['firstBroken']>['reason'], string> = {
  changed: 'rows were changed after they were sealed, or the seal was',
  rowsRemoved: 'rows were removed after they were sealed',
  rowsAdded: 'rows were added to a time that was sealed already',
  sealMissing: 'the seal itself is missing',
};

const rows = (count: number) => (count === 1 ? '1 row' : `${formatCount(count)} rows`);

/** What the check has shown, in words. */
function describeVerdict({ ok, seals, rows: sealed, unsealed }: Verdict): string {
  const fresh =
    unsealed === 0
      ? ''
      : ` ${rows(unsealed)} of about the last minute ${unsealed === 1 ? 'is' : 'are'} not sealed yet.`;
  if (ok)
    return `${seals === 1 ? 'The one seal holds' : `All ${formatCount(seals)} seals hold`}: none of the ${rows(sealed)} under seal was changed, added or removed.${fresh}`;
  return `Only the seals before the first broken one hold; they cover ${rows(sealed)}.${fresh}`;
}

function Shown({ verdict }: { verdict: Verdict }) {
  const { ok, firstBroken, head } = verdict;
  return (
    <Alert
      role="status"
      color={ok ? 'green' : 'red'}
      variant="light"
      icon={ok ? <IconShieldCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={ok ? 'The log is as it was written.' : 'The log was tampered with.'}
    >
      <Stack gap="xs" align="start">
        {firstBroken && (
          <Text size="sm">
            At seal {formatCount(firstBroken.number)}
            {firstBroken.sealedAt && (
              <>
                {' '}
                of <Time at={firstBroken.sealedAt} as="moment" />
              </>
            )}
            : {broken[firstBroken.reason]}. Compare with a backup, and find out who can write to the database.
          </Text>
        )}
        <Text size="sm">{describeVerdict(verdict)}</Text>
        {head && (
          <>
            <Text size="sm">
              Keep the last seal elsewhere: it shows later that nothing was cut off.{' '}
              <span className="audit-id">{head}</span>
            </Text>
            <CopyButton value={head} what="the seal" />
          </>
        )}
      </Stack>
    </Alert>
  );
}

/** Recomputes the log's seals, and says whether anybody changed it behind its back. */
export function VerifyChain({ verify }: { verify: () => Promise<Verdict> }) {
  const check = useMutation({ mutationFn: verify });
  return (
    <Stack gap="xs" align="start">
      <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
        Check the seals
      </Button>
      {check.error && <FailureNotice error={check.error} />}
      {check.data && <Shown verdict={check.data} />}
    </Stack>
  );
}
