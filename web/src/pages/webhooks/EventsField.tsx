import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../api.ts';
import type { FieldProps } from '../../kit/useForm.ts';

/** Chooses types of events: all, all of a noun, or single ones. */
export function EventsField({ value, onChange, ...field }: FieldProps<string[]>) {
  const { data } = useQuery(trpc.webhooks.events.queryOptions({}));
  const types = data?.map(({ type }) => type) ?? [];
  const nouns = [...new Set(types.map((type) => `${type.split('.')[0]}.*`))];
  const known = ['*', ...nouns, ...types];
  // The star stands for all there are, and stands alone.
  const change = (next: string[]) => {
    const added = next.find((one) => !value.includes(one));
    onChange(added === '*' ? ['*'] : next.filter((one) => one !== '*' || next.length === 1));
  };
  return (
    <MultiSelect
      {...field}
      label="Events"
      description="* for all of them, issue.* for all of issues"
      required
      searchable
      limit={60}
      data={[...new Set([...known, ...value])]}
      value={value}
      onChange={change}
    />
  );
}
