import { Badge, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ownConsentsQuery, ownSessionsQuery } from '../api/account.ts';
import { ask } from '../api/http.ts';
import type { Consent, Session } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { deviceOf } from '../ui/device.ts';
import { type Column, ItemTable } from '../ui/list.tsx';
import { Empty, Fault, Loading } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';

const SESSION_COLUMNS: readonly Column<Session>[] = [
  {
    head: 'Browser',
    cell: ({ user_agent, current }) => (
      <>
        <Text size="sm" title={user_agent}>
          {deviceOf(user_agent)}
        </Text>
        {current === true && (
          <Badge variant="outline" color="gray" c="dimmed">
            This one
          </Badge>
        )}
      </>
    ),
  },
  { head: 'Last seen', cell: ({ last_seen_at }) => <Time at={last_seen_at} /> },
  { head: 'Signed in', cell: ({ signed_in_at }) => <Time at={signed_in_at} />, wide: true },
];

export function OwnSessions() {
  const found = useQuery(ownSessionsQuery);
  const queries = useQueryClient();
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <Fault fault={found.error} />;
  const end = async ({ id }: Session): Promise<void> => {
    await ask(`/account/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
    await queries.invalidateQueries({ queryKey: ['/account', 'sessions'] });
  };
  const ending: Column<Session> = {
    head: 'Ends',
    cell: (session) => (
      <Confirm action="Sign out" size="xs" title="Sign out there?" onConfirm={() => end(session)}>
        {session.current === true
          ? 'This is the browser you are using now: you have to sign in again.'
          : 'Whoever uses that browser has to sign in again.'}
      </Confirm>
    ),
  };
  return (
    <ItemTable
      label="Sessions"
      items={found.data}
      keyOf={({ id }) => id}
      columns={[...SESSION_COLUMNS, ending]}
    />
  );
}

export function OwnConsents() {
  const found = useQuery(ownConsentsQuery);
  const queries = useQueryClient();
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <Fault fault={found.error} />;
  if (found.data.length === 0) {
    return (
      <Empty title="You have not allowed anything to any application">
        <Text>When an application asks for your data and you allow it, it appears here.</Text>
      </Empty>
    );
  }
  const revoke = async ({ client_id }: Consent): Promise<void> => {
    await ask(`/account/consents/${encodeURIComponent(client_id ?? '')}`, { method: 'DELETE' });
    await queries.invalidateQueries({ queryKey: ['/account', 'consents'] });
  };
  return (
    <ItemTable
      label="Consents"
      items={found.data}
      keyOf={({ client_id }) => client_id ?? ''}
      columns={[
        { head: 'Application', cell: ({ client_id, client_name }) => client_name ?? client_id },
        { head: 'Allowed', cell: ({ scope }) => scope, wide: true },
        {
          head: 'When',
          cell: ({ granted_at }) => <Time at={granted_at} />,
          wide: true,
        },
        {
          head: 'Ends',
          cell: (consent) => (
            <Confirm
              action="Revoke"
              size="xs"
              title="Revoke what you allowed?"
              onConfirm={() => revoke(consent)}
            >
              The application can no longer use your data, and asks again at your next sign-in.
            </Confirm>
          ),
        },
      ]}
    />
  );
}
