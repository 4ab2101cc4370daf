import { Badge, Button, SimpleGrid, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMay } from '../api/permission.ts';
import { clientsQuery } from '../api/queries.ts';
import type { Client } from '../api/types.ts';
import { type Column, PagedList, SearchField } from '../ui/list.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { KINDS, kindOfClient } from './kinds.ts';
import { RemovedApplications } from './removed.tsx';

const COLUMNS: readonly Column<Client>[] = [
  {
    head: 'Application',
    cell: (client) => (
      <>
        <Link to="/applications/$clientId" params={{ clientId: client.client_id }} className="row-link break">
          {client.client_name ?? client.client_id}
        </Link>
        {client.disabled === true && (
          <Badge ml="xs" variant="outline" color="gray" c="dimmed">
            Disabled
          </Badge>
        )}
        <Text size="sm" c="dimmed" className="break" ff="monospace">
          {client.client_id}
        </Text>
      </>
    ),
  },
  { head: 'Kind', cell: kindOfClient },
  { head: 'Redirects to', cell: ({ redirect_uris }) => <Redirects uris={redirect_uris} />, wide: true },
  { head: 'Changed', cell: ({ updated_at }) => <Time at={updated_at} />, wide: true },
];

function Redirects({ uris }: Readonly<{ uris: readonly string[] }>) {
  const [first] = uris;
  if (first === undefined) return <>—</>;
  return (
    <Text size="sm" className="break">
      {first}
      {uris.length > 1 && ` and ${uris.length - 1} more`}
    </Text>
  );
}

const SAYS = 'Everything that may send people here to sign in, or get tokens of its own.';

function NewButton() {
  const navigate = useNavigate();
  if (!useMay('signet:clients:write')) return null;
  return <Button onClick={() => void navigate({ to: '/applications/new' })}>Register an application</Button>;
}

function Actions() {
  return (
    <>
      <Link to="/applications/transfer">Import and export</Link>
      <Link to="/applications/registration">Initial access tokens</Link>
      <NewButton />
    </>
  );
}

/** Every application, found by name or client_id. */
export function ApplicationsPage() {
  const { q } = useSearch({ from: '/applications' });
  const navigate = useNavigate();
  const list = useInfiniteQuery(clientsQuery(q));
  const search = (text: string): void =>
    void navigate({ to: '/applications', search: { q: text }, replace: true });
  return (
    <Page title="Applications" says={SAYS} actions={<Actions />}>
      <SearchField label="Search by name or client_id" value={q} onSearch={search} />
      <PagedList
        label="Applications"
        list={list}
        columns={COLUMNS}
        keyOf={({ client_id }) => client_id}
        empty={
          q === undefined ? (
            <Empty title="No application is registered yet">
              <Text>
                An application has to be known here before it can send people to sign in. It takes a minute.
              </Text>
              <NewButton />
            </Empty>
          ) : (
            <Empty title={`No application fits “${q}”`}>
              <Text>The search looks at names, client_ids and redirect URIs.</Text>
            </Empty>
          )
        }
      />
      <RemovedApplications />
    </Page>
  );
}

/** The first question of the wizard. */
export function KindsPage() {
  return (
    <Page
      title="Register an application"
      says="What kind of application is it? Only what that kind needs is asked next."
    >
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
        {KINDS.map(({ id, title, says }) => (
          <Link key={id} to="/applications/new/$kind" params={{ kind: id }} className="kind">
            <Text fw={600}>{title}</Text>
            <Text size="sm" c="dimmed" mt={4}>
              {says}
            </Text>
          </Link>
        ))}
      </SimpleGrid>
    </Page>
  );
}
