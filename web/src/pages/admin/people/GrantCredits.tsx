import { Fieldset, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../../api.ts';
import { FormBox } from '../../../kit/FormBox.tsx';
import { formatCredits } from '../../../kit/numbers.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';

const initial: { amount: string | number; reason: string } = { amount: '', reason: '' };

/** Gives credits to an account, or takes some. */
export function GrantCredits({ actorId, name }: { actorId: string; name: string }) {
  // One id for one grant: what is sent again after a failure is not given twice.
  const [mutationId, setMutationId] = useState(() => crypto.randomUUID());
  const form = useForm(initial, async ({ amount, reason }, reset) => {
    await client.credits.grant.mutate({ actorId, amount: Number(amount), reason, mutationId });
    toast(`${formatCredits(Number(amount))} for ${name}.`);
    setMutationId(crypto.randomUUID());
    reset();
  });
  const { onChange, ...amount } = form.field('amount');
  return (
    <Fieldset legend="Give credits">
      <FormBox form={form} submit="Give the credits">
        <NumberInput
          label="Credits"
          description="Below 0 takes some away: at most what is there and not held."
          required
          allowDecimal={false}
          {...amount}
          onChange={(value) => onChange(value)}
        />
        <TextInput
          label="Reason"
          description="It stands in the account’s history."
          required
          {...form.field('reason')}
        />
      </FormBox>
    </Fieldset>
  );
}
