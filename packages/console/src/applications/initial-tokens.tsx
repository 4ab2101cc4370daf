import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ask, fieldFault } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { initialTokensQuery } from '../api/queries.ts';
import type { CreatedInitialToken, InitialToken } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { CopyField } from '../ui/copy.tsx';
import { type Column, PagedList } from '../ui/list.tsx';
import { Empty, Fault, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';

const PATH = '/initial-access-tokens';
const REFRESH = { queryKey: [PATH] };

const LASTING = [
  { value: '1d', label: 'A day' },
  { value: '7d', label: 'A week' },
  { value: '30d', label: '30 days' },
  { value: '365d', label: 'A year' },
];

/** Tokens with which programs register themselves (RFC 7591 §3). */
export function InitialTokensPage() {
  const mayChange = useMay('signet:clients:write');
  const list = useInfiniteQuery(initialTokensQuery());
  const queries = useQueryClient();
  const end = async ({ id }: InitialToken): Promise<void> => {
    await ask(`${PATH}/${encodeURIComponent(id)}`, { method: 'DELETE' });
    await queries.invalidateQueries(REFRESH);
  };
  return (
    <Page
      title="Initial access tokens"
      says="Whoever holds one registers an application without an operator, where dynamic_registration of the configuration is on."
    >
      {mayChange && <NewToken />}
      <PagedList
        label="Initial access tokens"
        list={list}
        columns={mayChange ? [...COLUMNS, ending(end)] : COLUMNS}
        keyOf={({ id }) => id}
        empty={
          <Empty title="No program may register itself by a token">
            <Text>
              Make one for each program or team that registers applications, and send it to them alone.
            </Text>
          </Empty>
        }
      />
    </Page>
  );
}

const COLUMNS: readonly Column<InitialToken>[] = [
  { head: 'For', cell: ({ description }) => <span className="break">{description ?? '—'}</span> },
  { head: 'Left', cell: ({ uses, uses_left }) => `${uses_left} of ${uses}` },
  { head: 'Good until', cell: ({ expires_at }) => <Time at={expires_at} /> },
  { head: 'Made', cell: ({ created_at }) => <Time at={created_at} />, wide: true },
  { head: 'By', cell: ({ created_by }) => <span className="break">{created_by}</span>, wide: true },
];

const ending = (end: (token: InitialToken) => Promise<void>): Column<InitialToken> => ({
  head: 'End',
  cell: (token) => (
    <Confirm action="End" size="xs" title="End this token?" danger onConfirm={() => end(token)}>
      Nothing more is registered with it. What was registered stays.
    </Confirm>
  ),
});

const NOTHING = { description: '', uses: '1', expires_in: '1d' };

function NewToken() {
  const queries = useQueryClient();
  const [wish, setWish] = useState(NOTHING);
  const making = useMutation({
    mutationFn: async () => {
      const body = { ...wish, uses: Number(wish.uses), description: wish.description || undefined };
      return (await ask<CreatedInitialToken>(PATH, { method: 'POST', body })).body;
    },
    onSuccess: async () => {
      setWish(NOTHING);
      await queries.invalidateQueries(REFRESH);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    making.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack align="flex-start">
        <Group align="flex-end">
          <TextInput
            label="For whom"
            placeholder="The build of team Orders"
            value={wish.description}
            error={fieldFault(making.error, 'description')}
            onChange={({ currentTarget: { value: description } }) => setWish({ ...wish, description })}
          />
          <TextInput
            label="Applications"
            inputMode="numeric"
            w={120}
            value={wish.uses}
            error={fieldFault(making.error, 'uses')}
            onChange={({ currentTarget: { value: uses } }) => setWish({ ...wish, uses })}
          />
          <NativeSelect
            label="Good for"
            data={LASTING}
            value={wish.expires_in}
            error={fieldFault(making.error, 'expires_in')}
            onChange={({ currentTarget: { value: expires_in } }) => setWish({ ...wish, expires_in })}
          />
          <Button type="submit" loading={making.isPending}>
            Make a token
          </Button>
        </Group>
        <Fault fault={making.error} fields={Object.keys(NOTHING)} />
        {making.data !== undefined && (
          <Alert color="yellow" variant="outline" w="100%">
            <CopyField label="Initial access token" value={making.data.initial_access_token} />
            <Text size="sm" mt="xs">
              Copy it now: it is not kept in a readable form and cannot be shown again.
            </Text>
          </Alert>
        )}
      </Stack>
    </form>
  );
}
