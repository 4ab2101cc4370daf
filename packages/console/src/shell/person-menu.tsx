import { Button, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Me, Role } from '../api/types.ts';
import { signOut } from '../session.ts';

const ROLES: Readonly<Record<Role, string>> = {
  admin: 'Administrator',
  support: 'Support',
  auditor: 'Auditor',
  user: 'No role',
};

const SCHEMES = [
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['auto', 'As the system'],
] as const;

/** Who is signed in and with which role, with what concerns them alone. */
export function PersonMenu({ me }: Readonly<{ me: Me }>) {
  const navigate = useNavigate();
  const role = me.role ?? 'user';
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="subtle" size="xs" color="gray" c="var(--mantine-color-text)">
          {me.username ?? 'You'}
          {role !== 'user' && (
            <Text span size="xs" c="dimmed" ml={6} visibleFrom="sm">
              {ROLES[role]}
            </Text>
          )}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{ROLES[role]}</Menu.Label>
        <Menu.Item onClick={() => void navigate({ to: '/account' })}>Your account</Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {SCHEMES.map(([scheme, label]) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            {...(scheme === colorScheme && { fw: 600, 'aria-current': true })}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
