import { Alert, Fieldset, Radio, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Outputs } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { failureOf } from '../../kit/failureOf.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { formatHour } from '../../kit/Time.tsx';
import { toast } from '../../kit/toast.ts';
import { type FieldProps, useForm } from '../../kit/useForm.ts';

type Setting = Outputs['notifications']['digest'];

/** A field of which something is always chosen. */
const chosenOne = (field: FieldProps<string>) => ({
  ...field,
  onChange: (value: string | null) => value !== null && field.onChange(value),
});

const hours = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: formatHour(hour) }));
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

function DigestForm({ setting }: { setting: Setting }) {
  const { frequency, hour, timeZone, isVerified } = setting;
  const form = useForm({ frequency, hour: String(hour), timeZone }, async (values) => {
    await client.notifications.setDigest.mutate({ ...values, hour: Number(values.hour) });
    await queryClient.invalidateQueries({ queryKey: trpc.notifications.digest.pathKey() });
    toast('Your mails come like that from now on.');
  });
  const { error: wrong, ...chosen } = form.field('frequency');
  return (
    <FormBox form={form} submit="Save" label="E-mail">
      {!isVerified && (
        <Alert color="yellow" variant="light" title="Your address is not confirmed">
          Nothing is mailed before you have followed the link that was sent to it.
        </Alert>
      )}
      <Radio.Group label="What you have not read is mailed to you" error={wrong} {...chosen}>
        <Stack gap="xs" mt="xs">
          <Radio value="immediately" label="At once" />
          <Radio value="hourly" label="Once an hour" />
          <Radio value="daily" label="Once a day" />
          <Radio value="never" label="Never" />
        </Stack>
      </Radio.Group>
      {form.values.frequency === 'daily' && (
        <>
          <Select label="Hour" allowDeselect={false} data={hours} {...chosenOne(form.field('hour'))} />
          <Select
            label="Time zone"
            searchable
            allowDeselect={false}
            limit={50}
            data={[...new Set([timeZone, ...zones])]}
            {...chosenOne(form.field('timeZone'))}
          />
        </>
      )}
    </FormBox>
  );
}

/** How often one is mailed what one has not read. */
export function Digest() {
  const { data, error: latest, refetch } = useQuery(trpc.notifications.digest.queryOptions({}));
  const error = failureOf({ data, error: latest });
  return (
    <Fieldset legend="E-mail">
      {error ? (
        <FailureNotice error={error} onRetry={refetch} />
      ) : data ? (
        <DigestForm setting={data} />
      ) : (
        <Loading what="your setting" />
      )}
    </Fieldset>
  );
}
