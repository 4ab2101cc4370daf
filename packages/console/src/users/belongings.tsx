import { Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../api/http.ts';
import { belongings, userPath } from '../api/queries.ts';
import type { Consent, Session } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { deviceOf } from '../ui/device.ts';
import { ItemTable } from '../ui/list.tsx';
import { Empty, Fault, Loading } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';

type OfUser = Readonly<{ sub: string }>;

/** Where the user is signed in. */
export function SessionTable({ sub }: OfUser) {
  const found = useQuery(belongings<Session>(sub, 'sessions'));
  const queries = useQueryClient();
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <Fault fault={found.error} />;
  if (found.data.length === 0) return <Empty title="Signed in nowhere">{null}</Empty>;
  const end = async ({ id }: Session): Promise<void> => {
    await ask(`${userPath(sub)}/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
    await queries.invalidateQueries({ queryKey: ['/users', 'sessions', sub] });
  };
  return (
    <ItemTable
      label="Sessions"
      items={found.data}
      keyOf={({ id }) => id}
      columns={[
        {
          head: 'Browser',
          cell: ({ user_agent }) => (
            <Text size="sm" title={user_agent}>
              {deviceOf(user_agent)}
            </Text>
          ),
        },
        { head: 'Last seen', cell: ({ last_seen_at }) => <Time at={last_seen_at} /> },
        { head: 'Signed in', cell: ({ signed_in_at }) => <Time at={signed_in_at} />, wide: true },
        {
          head: 'Ends',
          cell: (session) => (
            <Confirm action="Sign out" size="xs" title="End this session?" onConfirm={() => end(session)}>
              The person is signed out there, and what the applications got through it ends.
            </Confirm>
          ),
        },
      ]}
    />
  );
}

/** What the user has allowed to applications. */
export function ConsentTable({ sub }: OfUser) {
  const found = useQuery(belongings<Consent>(sub, 'consents'));
  const queries = useQueryClient();
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <Fault fault={found.error} />;
  if (found.data.length === 0) return <Empty title="Nothing was allowed to any application">{null}</Empty>;
  const revoke = async ({ client_id }: Consent): Promise<void> => {
    await ask(`${userPath(sub)}/consents/${encodeURIComponent(client_id ?? '')}`, { method: 'DELETE' });
    await queries.invalidateQueries({ queryKey: ['/users', 'consents', sub] });
  };
  return (
    <ItemTable
      label="Consents"
      items={found.data}
      keyOf={({ client_id }) => client_id ?? ''}
      columns={[
        {
          head: 'Application',
          cell: ({ client_id }) =>
            client_id === null ? (
              'removed'
            ) : (
              <Link to="/applications/$clientId" params={{ clientId: client_id }}>
                {client_id}
              </Link>
            ),
        },
        { head: 'Allowed', cell: ({ scope }) => scope, wide: true },
        {
          head: 'When',
          cell: ({ granted_at }) => <Time at={granted_at} />,
          wide: true,
        },
        {
          head: 'Ends',
          cell: (consent) => (
            <Confirm action="Revoke" size="xs" title="Revoke this consent?" onConfirm={() => revoke(consent)}>
              The application’s tokens for this person end, and the person is asked again.
            </Confirm>
          ),
        },
      ]}
    />
  );
}
