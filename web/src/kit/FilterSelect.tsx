import { Select, type SelectProps } from '@mantine/core';

export interface FilterSelectProps<V extends string> extends Omit<
  SelectProps<V>,
  'placeholder' | 'clearable'
> {
  /** What is shown while none is chosen, such as “All kinds”; also the name of the button that goes back to it. */
  all: string;
}

/** One of several, or all. */
export const FilterSelect = <V extends string>({ all, ...select }: FilterSelectProps<V>) => (
  <Select<V> {...select} placeholder={all} clearable clearButtonProps={{ 'aria-label': all }} />
);
