import { Menu, Text, UnstyledButton, VisuallyHidden, useMantineColorScheme } from '@mantine/core';
import { IconDevices, IconDeviceDesktop, IconKey, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { client } from '../api.ts';
import { PersonAvatar } from '../kit/Person.tsx';
import { toast } from '../kit/toast.ts';
import { useAccount } from '../kit/useAccount.ts';
import { forgetKept } from '../threads/kept.ts';

const schemes = [
  { scheme: 'light', label: 'Light', Icon: IconSun },
  { scheme: 'dark', label: 'Dark', Icon: IconMoon },
  { scheme: 'auto', label: 'As the system', Icon: IconDeviceDesktop },
] as const;

async function signOut(): Promise<void> {
  // The end of the session may lead away from here before the answer is read.
  addEventListener('pagehide', forgetKept);
  try {
    await client.auth.logout.mutate({});
    forgetKept();
    // Loaded anew, so that nothing of this person stays in the page.
    location.assign('/sign-in');
  } catch {
    removeEventListener('pagehide', forgetKept);
    toast('You are not signed out: the server does not answer. Try again.', 'failed');
  }
}

/** One's own account: sessions, keys, theme, sign out. */
export default function AccountMenu() {
  const { data: account } = useAccount();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = account?.name ?? '';
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${name}`}>
          <PersonAvatar name={name} size="md" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {name} {account?.email}
          </Text>
        </Menu.Label>
        <Menu.Item
          component={Link}
          to="/account/sessions"
          leftSection={<IconDevices size={16} aria-hidden />}
        >
          Sessions
        </Menu.Item>
        <Menu.Item component={Link} to="/account/keys" leftSection={<IconKey size={16} aria-hidden />}>
          API keys
        </Menu.Item>
        <Menu.Divider />
        {schemes.map(({ scheme, label, Icon }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={scheme === colorScheme ? '✓' : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
            {scheme === colorScheme && <VisuallyHidden> (chosen)</VisuallyHidden>}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
