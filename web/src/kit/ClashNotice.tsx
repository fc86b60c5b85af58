import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Edit } from './useEditForm.ts';

type Values = Record<string, unknown>;

export interface ClashNoticeProps<V extends Values> {
  edit: Pick<Edit<V>, 'clash' | 'take'>;
  /** What was edited, as in “This task”. */
  thing: string;
  /** What each field is called, and how its value is written. */
  fields: { [K in keyof V & string]: { label: string; show: (value: V[K]) => ReactNode } };
}

/** Says in a form what somebody else has changed meanwhile, field by field. Nothing that was written is lost. */
export function ClashNotice<V extends Values>({ edit: { clash, take }, thing, fields }: ClashNoticeProps<V>) {
  if (!clash) return null;
  const contested = Object.keys(clash.contested) as (keyof V & string)[];
  return (
    <Alert
      color="yellow"
      variant="light"
      role="alert"
      icon={<IconGitMerge aria-hidden />}
      title={`${thing} was changed while you were writing`}
    >
      <Stack gap="xs">
        {clash.taken.length > 0 && (
          <Text size="sm">
            Taken over from them: {clash.taken.map((name) => fields[name].label.toLowerCase()).join(', ')}.
          </Text>
        )}
        {contested.map((name) => {
          const { label, show } = fields[name];
          return (
            <Group key={name} gap="xs" align="start">
              <Text size="sm" className="breaking" flex={1} miw={180}>
                {label} is now: {show(clash.contested[name] as V[typeof name])}
              </Text>
              <Button size="compact-sm" variant="default" onClick={() => take(name)}>
                Take their {label.toLowerCase()}
              </Button>
            </Group>
          );
        })}
        <Text size="sm">Nothing of yours is lost. Look it over and save again.</Text>
      </Stack>
    </Alert>
  );
}
