import { ActionIcon, Menu } from '@mantine/core';
import { IconMoodPlus } from '@tabler/icons-react';
import { offered } from './reactions.ts';

export interface ReactionMenuProps {
  /** The beginning of the comment, as the button names it. */
  excerpt: string;
  onPick: (emoji: string) => void;
}

/** The emoji to choose from. */
export const ReactionMenu = ({ excerpt, onPick }: ReactionMenuProps) => (
  <Menu withInitialFocusPlaceholder={false} position="bottom-start">
    <Menu.Target>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`React to ${excerpt}`}>
        <IconMoodPlus size={16} aria-hidden />
      </ActionIcon>
    </Menu.Target>
    <Menu.Dropdown>
      {offered.map(({ emoji, name }) => (
        <Menu.Item key={emoji} leftSection={<span aria-hidden>{emoji}</span>} onClick={() => onPick(emoji)}>
          {name}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  </Menu>
);
