import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ask, query } from '../api/http.ts';
import { listOf } from '../api/queries.ts';
import type { Page, User } from '../api/types.ts';
import { type Column, PagedList } from '../ui/list.tsx';
import { Empty, Fault } from '../ui/page.tsx';

type MembersProps = Readonly<{ name: string; mayChange: boolean }>;

const membersPath = (name: string): string => `/groups/${encodeURIComponent(name)}/members`;
const memberPath = (name: string, sub: string): string => `${membersPath(name)}/${encodeURIComponent(sub)}`;

/** Who is in a group. */
export function Members({ name, mayChange }: MembersProps) {
  const queries = useQueryClient();
  const key = ['/groups', 'members', name];
  const list = useInfiniteQuery({ ...listOf<User>(membersPath(name)), queryKey: key });
  const changed = (): Promise<void> => queries.invalidateQueries({ queryKey: ['/groups'] });
  const removal = useMutation({
    mutationFn: (sub: string) => ask(memberPath(name, sub), { method: 'DELETE' }),
    onSuccess: changed,
  });
  const out: Column<User> = {
    head: 'Out',
    cell: ({ sub, username }) => (
      <Button
        variant="default"
        size="xs"
        aria-label={`Take ${username} out`}
        loading={removal.isPending && removal.variables === sub}
        onClick={() => removal.mutate(sub)}
      >
        Take out
      </Button>
    ),
  };
  return (
    <Stack>
      {mayChange && <AddMember name={name} onAdded={changed} />}
      <Fault fault={removal.error} />
      <PagedList
        label="People"
        list={list}
        columns={mayChange ? [...COLUMNS, out] : COLUMNS}
        keyOf={({ sub }) => sub}
        empty={<Empty title="Nobody is in it yet">{null}</Empty>}
      />
    </Stack>
  );
}

const COLUMNS: readonly Column<User>[] = [
  {
    head: 'User',
    cell: ({ sub, username }) => (
      <Link to="/users/$sub" params={{ sub }} className="row-link break">
        {username}
      </Link>
    ),
  },
];

type AddProps = Readonly<{ name: string; onAdded: () => Promise<void> }>;

function AddMember({ name, onAdded }: AddProps) {
  const [username, setUsername] = useState('');
  const adding = useMutation({
    mutationFn: async () => {
      const { body } = await ask<Page<User>>(`/users${query({ q: username, limit: 200 })}`);
      const user = body.items.find((one) => one.username === username);
      if (user === undefined) return false;
      await ask(memberPath(name, user.sub), { method: 'PUT' });
      setUsername('');
      await onAdded();
      return true;
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    adding.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextInput
          label="Username"
          autoComplete="off"
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value.trim())}
        />
        <Button type="submit" disabled={username === ''} loading={adding.isPending}>
          Put in
        </Button>
      </Group>
      {adding.data === false && <Text role="alert">There is no user of that username.</Text>}
      <Fault fault={adding.error} />
    </form>
  );
}
