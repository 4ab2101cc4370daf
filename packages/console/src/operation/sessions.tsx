import { Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../api/http.ts';
import { sessionsQuery } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { deviceOf } from '../ui/device.ts';
import { type Column, PagedList } from '../ui/list.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';

/** Who is signed in, and where. */
export function SessionsPage() {
  const list = useInfiniteQuery(sessionsQuery());
  const queries = useQueryClient();
  const end = async ({ id }: Session): Promise<void> => {
    await ask(`/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
    await queries.invalidateQueries({ queryKey: ['/sessions'] });
  };
  return (
    <Page title="Sessions" says="Every browser in which somebody is signed in.">
      <PagedList
        label="Sessions"
        list={list}
        columns={[...COLUMNS, ending(end)]}
        keyOf={({ id }) => id}
        empty={
          <Empty title="Nobody is signed in">
            <Text>
              A session begins when a person signs in, and ends when they sign out or it gets too old.
            </Text>
          </Empty>
        }
      />
    </Page>
  );
}

const COLUMNS: readonly Column<Session>[] = [
  {
    head: 'User',
    cell: ({ sub, username }) =>
      sub === undefined ? (
        '—'
      ) : (
        <Link to="/users/$sub" params={{ sub }} className="row-link">
          {username ?? sub}
        </Link>
      ),
  },
  {
    head: 'Browser',
    cell: ({ user_agent }) => (
      <Text size="sm" title={user_agent}>
        {deviceOf(user_agent)}
      </Text>
    ),
    wide: true,
  },
  { head: 'Last seen', cell: ({ last_seen_at }) => <Time at={last_seen_at} /> },
  { head: 'Signed in', cell: ({ signed_in_at }) => <Time at={signed_in_at} />, wide: true },
];

const ending = (end: (session: Session) => Promise<void>): Column<Session> => ({
  head: 'Ends',
  cell: (session) => (
    <Confirm action="Sign out" size="xs" title="End this session?" onConfirm={() => end(session)}>
      The person is signed out there, and what the applications got through it ends.
    </Confirm>
  ),
});
