import { ActionIcon } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';

/** Stands where a menu's button will be, until that has come. */
export const MenuToCome = ({ size = 'md' }: { size?: 'sm' | 'md' }) => (
  <ActionIcon component="span" variant="subtle" color="gray" size={size} aria-hidden>
    <IconDots size={18} />
  </ActionIcon>
);
