import { Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { clientPath, listOf } from '../api/queries.ts';
import type { Client, ClientVersion } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { type Column, PagedList } from '../ui/list.tsx';
import { Empty } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';

const textOf = (value: unknown): string =>
  value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);

/** What the application was registered with before, and the way back. */
export function History({ client }: Readonly<{ client: Client }>) {
  const path = clientPath(client.client_id);
  const queries = useQueryClient();
  const mayChange = useMay('signet:clients:write');
  const list = useInfiniteQuery({
    ...listOf<ClientVersion>(`${path}/versions`),
    queryKey: ['/clients', 'versions', client.client_id],
  });
  const revert = async ({ version }: ClientVersion): Promise<void> => {
    await ask(`${path}/versions/${version}/revert`, { method: 'POST' });
    await queries.invalidateQueries({ queryKey: ['/clients'] });
  };
  const back: Column<ClientVersion> = {
    head: 'Back',
    cell: (version) =>
      version.version === client.version ? (
        'This is how it is'
      ) : (
        <Confirm
          action="Go back"
          size="xs"
          title={`Go back to version ${version.version}?`}
          onConfirm={() => revert(version)}
        >
          Everything but the secret becomes what it was then. That is a new version: you can undo it as well.
        </Confirm>
      ),
  };
  return (
    <PagedList
      label="History"
      list={list}
      columns={mayChange ? [...COLUMNS, back] : COLUMNS}
      keyOf={({ version }) => String(version)}
      empty={
        <Empty title="Nothing was changed yet">
          <Text>Each change keeps what was there before, so that it can be undone.</Text>
        </Empty>
      }
    />
  );
}

const COLUMNS: readonly Column<ClientVersion>[] = [
  { head: 'Version', cell: ({ version }) => version },
  {
    head: 'What was changed after it',
    cell: ({ changed, metadata }) => (
      <Stack gap={2}>
        {changed.map((name) => (
          <Text key={name} size="sm" className="break">
            {name} was {textOf(metadata[name])}
          </Text>
        ))}
      </Stack>
    ),
  },
  { head: 'By', cell: ({ actor }) => <span className="break">{actor ?? '—'}</span>, wide: true },
  { head: 'When', cell: ({ at }) => <Time at={at} />, wide: true },
];
