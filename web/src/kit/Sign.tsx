import { Badge } from '@mantine/core';
import type { ComponentType } from 'react';

export interface SignProps {
  /** What it says: it must do without the colour. */
  word: string;
  color: string;
  Icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  size?: 'sm' | 'md';
}

/** How something stands, as a word with a sign; colour only adds to them. */
export const Sign = ({ word, color, Icon, size = 'md' }: SignProps) => (
  <Badge
    variant="light"
    color={color}
    size={size}
    tt="none"
    miw="max-content"
    leftSection={<Icon size={12} aria-hidden />}
  >
    {word}
  </Badge>
);
