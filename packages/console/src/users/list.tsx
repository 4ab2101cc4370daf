import { Badge, Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMay } from '../api/permission.ts';
import { usersQuery } from '../api/queries.ts';
import type { User } from '../api/types.ts';
import { type Column, PagedList, SearchField } from '../ui/list.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { RemovedUsers } from './removed.tsx';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is unusual about an account. */
export function UserState({ user }: Readonly<{ user: User }>) {
  const states = [
    ...(user.disabled ? ['Disabled'] : []),
    ...(user.locked ? ['Locked'] : []),
    ...(user.role === 'user' ? [] : [user.role]),
  ];
  return states.map((state) => (
    <Badge key={state} variant="outline" color="gray" c="dimmed" mr={4}>
      {state}
    </Badge>
  ));
}

const COLUMNS: readonly Column<User>[] = [
  {
    head: 'User',
    cell: (user) => (
      <>
        <Link to="/users/$sub" params={{ sub: user.sub }} className="row-link break">
          {user.username}
        </Link>
        <Text size="sm" c="dimmed" className="break">
          {textOf(user.claims['name'])}
        </Text>
      </>
    ),
  },
  { head: 'State', cell: (user) => <UserState user={user} /> },
  { head: 'E-mail', cell: ({ claims }) => textOf(claims['email']), wide: true },
  { head: 'Created', cell: ({ created_at }) => <Time at={created_at} />, wide: true },
];

function NewButton() {
  const navigate = useNavigate();
  if (!useMay('signet:users:write')) return null;
  return <Button onClick={() => void navigate({ to: '/users/new' })}>Create a user</Button>;
}

/** Everybody who can sign in, found by name. */
export function UsersPage() {
  const { q } = useSearch({ from: '/users' });
  const navigate = useNavigate();
  const list = useInfiniteQuery(usersQuery(q));
  return (
    <Page title="Users" says="The people who can sign in here." actions={<NewButton />}>
      <SearchField
        label="Search by username, name or e-mail"
        value={q}
        onSearch={(text) => void navigate({ to: '/users', search: { q: text }, replace: true })}
      />
      <PagedList
        label="Users"
        list={list}
        columns={COLUMNS}
        keyOf={({ sub }) => sub}
        empty={
          <Empty title={q === undefined ? 'There are no users yet' : `No user fits “${q}”`}>
            <Text>A user needs a username and a password; everything else can be added later.</Text>
            {q === undefined && <NewButton />}
          </Empty>
        }
      />
      <RemovedUsers />
    </Page>
  );
}
