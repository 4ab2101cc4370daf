import { Group } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type Answer, ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { userPath, userQuery } from '../api/queries.ts';
import type { User } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { type Tab, Tabbed } from '../ui/tabs.tsx';
import { ConsentTable, SessionTable } from './belongings.tsx';
import { UserState } from './list.tsx';
import { PasswordForm } from './password.tsx';
import { PreviewTab } from './preview.tsx';
import { UserProfile } from './profile.tsx';

/** One user: who it is, and what can be done about the account. */
export function UserPage() {
  const { sub } = useParams({ from: '/users/$sub' });
  const found = useQuery(userQuery(sub));
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <Fault fault={found.error} />;
  return <UserTabs found={found.data} />;
}

function UserTabs({ found }: Readonly<{ found: Answer<User> }>) {
  const { tab } = useSearch({ from: '/users/$sub' });
  const navigate = useNavigate();
  const user = found.body;
  const maySeeClients = useMay('signet:clients:read');
  const go = (to: string | undefined): void =>
    void navigate({
      to: '/users/$sub',
      params: { sub: user.sub },
      search: to === undefined ? {} : { tab: to },
      replace: true,
    });
  const tabs: readonly Tab[] = [
    { id: 'profile', label: 'Profile', content: <UserProfile key={found.etag} found={found} /> },
    { id: 'password', label: 'Password', content: <PasswordForm user={user} /> },
    { id: 'sessions', label: 'Sessions', content: <SessionTable sub={user.sub} /> },
    { id: 'consents', label: 'Consents', content: <ConsentTable sub={user.sub} /> },
    ...(maySeeClients
      ? [{ id: 'preview', label: 'What an application sees', content: <PreviewTab user={user} /> }]
      : []),
  ];
  return (
    <Page title={user.username} says={<UserState user={user} />} actions={<Actions user={user} />}>
      <Tabbed tabs={tabs} open={tab} onOpen={go} />
    </Page>
  );
}

function Actions({ user }: Readonly<{ user: User }>) {
  const queries = useQueryClient();
  const may = useMay('signet:users:write');
  const act = async (verb: 'disable' | 'enable' | 'unlock'): Promise<void> => {
    await ask(`${userPath(user.sub)}/${verb}`, { method: 'POST', body: {} });
    await queries.invalidateQueries({ queryKey: ['/users'] });
  };
  const navigate = useNavigate();
  const remove = async (): Promise<void> => {
    await ask(userPath(user.sub), { method: 'DELETE' });
    // Only the lists: the page, which is being left, would ask for who is gone.
    void queries.invalidateQueries({ queryKey: ['/users', 'list'] });
    void queries.invalidateQueries({ queryKey: ['/users', 'deleted'] });
    await navigate({ to: '/users' });
  };
  if (!may) return null;
  return (
    <Group gap="xs">
      {user.locked && (
        <Confirm action="Unlock" title={`Unlock ${user.username}?`} onConfirm={() => act('unlock')}>
          The failed attempts are forgotten, and the person can try again at once.
        </Confirm>
      )}
      {user.disabled ? (
        <Confirm action="Enable" title={`Enable ${user.username}?`} onConfirm={() => act('enable')}>
          The person can sign in again. What ended when the account was disabled stays ended.
        </Confirm>
      ) : (
        <Confirm action="Disable" title={`Disable ${user.username}?`} danger onConfirm={() => act('disable')}>
          All sessions and tokens of the account end at once, and nobody can sign in to it until it is enabled
          again.
        </Confirm>
      )}
      <Confirm action="Remove" title={`Remove ${user.username}?`} danger onConfirm={remove}>
        All sessions and tokens end at once. For 30 days the account can be brought back below the list of
        users, with the same password.
      </Confirm>
    </Group>
  );
}
