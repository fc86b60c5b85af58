import { Button, List, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, trpc } from '../../../api.ts';
import { Dialog } from '../../../kit/Dialog.tsx';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { FormBox } from '../../../kit/FormBox.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import { Effect } from './Effect.tsx';
import { renewPolicy } from './renewPolicy.ts';
import { type Rule, describeRule, keyOf } from './rules.ts';

interface RollBackProps {
  /** Epoch of the version that is to be in force again. */
  to: number;
  /** Epoch of the version that is in force. */
  now: number;
}

function LeftOut({ rules }: { rules: readonly Rule[] }) {
  if (rules.length === 0) return null;
  return (
    <div>
      <Text size="sm">These rules do not come back: their role, or what they permit, is no more.</Text>
      <List size="sm">
        {rules.map((rule) => (
          <List.Item key={keyOf(rule)}>{describeRule(rule)}</List.Item>
        ))}
      </List>
    </div>
  );
}

function RollBackForm({ to, now, onDone }: RollBackProps & { onDone: () => void }) {
  // What is decided on is the policy as it was when the dialog was opened, whatever comes meanwhile.
  const [baseEpoch, setBaseEpoch] = useState(now);
  const proposal = useQuery({
    ...trpc.policies.proposeRollback.queryOptions({ epoch: to, baseEpoch }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const form = useForm({ reason: '' }, async ({ reason }) => {
    const change = await client.policies.rollback.mutate({ epoch: to, baseEpoch, reason });
    toast(`The policy is again as it was in version ${to}. It is version ${change.epoch} now.`);
    onDone();
    await renewPolicy();
  });
  return (
    <Stack>
      <Text>
        The policy becomes again what it was in version {to}, as a new version. Who has which role stays as it
        is.
      </Text>
      {proposal.error && <FailureNotice error={proposal.error} />}
      {proposal.isPending && <Loading what="what it would do" />}
      {proposal.data && <Effect proposal={proposal.data} onRebase={setBaseEpoch} />}
      {proposal.data && <LeftOut rules={proposal.data.leftOut} />}
      <FormBox form={form} submit={`Roll back to version ${to}`} label="Roll back">
        <TextInput label="Reason" required {...form.field('reason')} />
      </FormBox>
    </Stack>
  );
}

/** Takes the policy back to a version; what that would do is shown first. */
export function RollBack(props: RollBackProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const label = `Roll back to version ${props.to}`;
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {label}
      </Button>
      <Dialog title={label} isOpen={isOpen} onClose={close} size="lg">
        <RollBackForm {...props} onDone={close} />
      </Dialog>
    </>
  );
}
