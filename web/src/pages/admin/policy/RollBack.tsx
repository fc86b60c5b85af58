import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { client } from '../../../api.ts';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { FormBox } from '../../../kit/FormBox.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import { Effect } from './Effect.tsx';
import { renewPolicy } from './renewPolicy.ts';
import { type Version, undo } from './rules.ts';
import { useProposal } from './useProposal.ts';

interface RollBackProps {
  /** Epoch of the version that is to be in force again. */
  to: number;
  /** The versions after it, the newest first. */
  since: readonly Version[];
}

function Dialog({ to, since, onDone }: RollBackProps & { onDone: () => void }) {
  // What is decided on stays what it was when the dialog was opened, whatever comes meanwhile.
  const [changes] = useState(() => undo(since));
  const [baseEpoch, setBaseEpoch] = useState(since[0]?.epoch ?? to);
  const proposal = useProposal(changes, baseEpoch);
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
      <Modal
        opened={isOpen}
        onClose={close}
        title={label}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Dialog {...props} onDone={close} />
      </Modal>
    </>
  );
}
