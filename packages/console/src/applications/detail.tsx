import { Badge, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Answer } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { clientPath, clientQuery } from '../api/queries.ts';
import type { Client } from '../api/types.ts';
import { keeperOf } from '../definitions/keeper.ts';
import { site } from '../site.ts';
import { TryTab } from '../try/tab.tsx';
import { CopyField } from '../ui/copy.tsx';
import { Facts } from '../ui/facts.tsx';
import { History } from '../ui/history.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { type Tab, Tabbed } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { ClientDanger } from './danger.tsx';
import { ClientForm } from './form.tsx';
import { kindOfClient } from './kinds.ts';
import { Snippets } from './snippets.tsx';

/** One application: what it is registered with, how it connects, and its end. */
export function ApplicationPage() {
  const { clientId } = useParams({ from: '/applications/$clientId' });
  const found = useQuery(clientQuery(clientId));
  if (found.isPending) return <Loading rows={8} />;
  if (found.data === undefined) return <Fault fault={found.error} />;
  return <Application found={found.data} />;
}

function Application({ found }: Readonly<{ found: Answer<Client> }>) {
  const { tab } = useSearch({ from: '/applications/$clientId' });
  const navigate = useNavigate();
  const client = found.body;
  const go = (to: string | undefined): void =>
    void navigate({
      to: '/applications/$clientId',
      params: { clientId: client.client_id },
      search: to === undefined ? {} : { tab: to },
      replace: true,
    });
  const tabs: readonly Tab[] = [
    { id: 'settings', label: 'Settings', content: <ClientForm key={client.client_id} found={found} /> },
    { id: 'connect', label: 'Connect', content: <Connect client={client} /> },
    { id: 'try', label: 'Try it', content: <TryTab client={client} /> },
    { id: 'history', label: 'History', content: <ClientHistory client={client} /> },
    { id: 'secret', label: 'Secret and removal', content: <ClientDanger client={client} /> },
  ];
  return (
    <Page
      title={client.client_name ?? client.client_id}
      says={kindOfClient(client)}
      actions={
        client.disabled === true && (
          <Badge variant="outline" color="gray" c="dimmed">
            Disabled
          </Badge>
        )
      }
    >
      <Tabbed tabs={tabs} open={tab} onOpen={go} />
    </Page>
  );
}

function ClientHistory({ client }: Readonly<{ client: Client }>) {
  const mayChange = useMay('signet:clients:write') && client.source !== 'built-in';
  const path = clientPath(client.client_id);
  return <History path={path} version={client.version} mayChange={mayChange} except="the secret" />;
}

function Connect({ client }: Readonly<{ client: Client }>) {
  return (
    <Stack>
      <CopyField label="Issuer" value={site.issuer} />
      <CopyField label="Client ID" value={client.client_id} />
      <Snippets client={client} />
      <Facts
        of={[
          ['Registered', <Time key="made" at={client.created_at} />],
          ['Changed', <Time key="changed" at={client.updated_at} />],
          ['Version', client.version],
          ['Kept by', keeperOf(client.source)],
        ]}
      />
    </Stack>
  );
}
