import { Button, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { client } from '../../../api.ts';
import { Dialog } from '../../../kit/Dialog.tsx';
import { FormBox } from '../../../kit/FormBox.tsx';
import { coinsOf, formatMoney } from '../../../kit/Money.tsx';
import { decimalSign } from '../../../kit/numbers.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import type { Purchase } from '../../credits/PurchaseState.tsx';

interface RefundProps {
  payment: Purchase;
  buyer: string;
  onAsked: () => void;
}

function RefundForm({ payment, onAsked, onDone }: Omit<RefundProps, 'buyer'> & { onDone: () => void }) {
  const { id, currency, amountCents, refundedCents } = payment;
  const left = amountCents - refundedCents;
  const coins = coinsOf(currency);
  // One id for one refund: what is sent again after a failure is not paid back twice.
  const [mutationId] = useState(() => crypto.randomUUID());
  const initial: { amount: string | number; reason: string } = { amount: left / coins, reason: '' };
  const form = useForm(initial, async ({ amount, reason }) => {
    const asked = { transactionId: id, amountCents: Math.round(Number(amount) * coins), reason, mutationId };
    const refund = await client.payments.refund.mutate(asked);
    toast(`The provider was asked to pay back ${formatMoney(refund.amountCents, currency)}.`);
    onAsked();
    onDone();
  });
  const { onChange, ...amount } = form.field('amount');
  return (
    <Stack>
      <Text size="sm">
        The share of the credits that the money paid for is taken back when the provider says that it was paid
        back; what is spent already becomes a debt of the account.
      </Text>
      <FormBox form={form} submit="Pay back" label="Pay back">
        <NumberInput
          label={`Amount in ${currency}`}
          description={`At most ${formatMoney(left, currency)}, before tax.`}
          required
          min={0}
          max={left / coins}
          decimalScale={Math.log10(coins)}
          decimalSeparator={decimalSign}
          allowedDecimalSeparators={['.', ',']}
          {...amount}
          onChange={(value) => onChange(value)}
        />
        <TextInput
          label="Reason"
          description="It stands in the audit log, and with the provider."
          required
          {...form.field('reason')}
        />
      </FormBox>
    </Stack>
  );
}

/** Pays a purchase back, or a part of it; nothing where nothing is left to be paid back. */
export function Refund({ payment, buyer, onAsked }: RefundProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const { status, amountCents, refundedCents, currency } = payment;
  if ((status !== 'succeeded' && status !== 'refunded') || refundedCents >= amountCents) return null;
  const label = `Pay back ${formatMoney(amountCents - refundedCents, currency)} to ${buyer}`;
  return (
    <>
      <Button size="xs" variant="default" aria-label={label} onClick={open}>
        Pay back
      </Button>
      <Dialog title={label} isOpen={isOpen} onClose={close}>
        <RefundForm payment={payment} onAsked={onAsked} onDone={close} />
      </Dialog>
    </>
  );
}
