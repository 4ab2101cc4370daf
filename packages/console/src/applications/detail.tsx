import { Badge, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Answer } from '../api/http.ts';
import { clientQuery } from '../api/queries.ts';
import type { Client } from '../api/types.ts';
import { site } from '../site.ts';
import { TryTab } from '../try/tab.tsx';
import { CopyField } from '../ui/copy.tsx';
import { Facts } from '../ui/facts.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { type Tab, Tabbed } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { ClientDanger } from './danger.tsx';
import { ClientForm } from './form.tsx';
import { History } from './history.tsx';
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
    { id: 'history', label: 'History', content: <History client={client} /> },
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
          ['Kept by', client.source === 'file' ? 'the configuration file' : 'hand'],
        ]}
      />
    </Stack>
  );
}
