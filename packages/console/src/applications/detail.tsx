import { Badge, Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Answer } from '../api/http.ts';
import { clientQuery } from '../api/queries.ts';
import type { Client } from '../api/types.ts';
import { site } from '../site.ts';
import { CopyField } from '../ui/copy.tsx';
import { Facts } from '../ui/facts.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { ClientDanger } from './danger.tsx';
import { ClientForm } from './form.tsx';
import { History } from './history.tsx';
import { kindOfClient } from './kinds.ts';
import { Snippets } from './snippets.tsx';

const TABS = [
  ['settings', 'Settings'],
  ['connect', 'Connect'],
  ['history', 'History'],
  ['secret', 'Secret and removal'],
] as const;

/** One application: what it is registered with, how it connects, and its end. */
export function ApplicationPage() {
  const { clientId } = useParams({ from: '/applications/$clientId' });
  const found = useQuery(clientQuery(clientId));
  if (found.isPending) return <Loading rows={8} />;
  if (found.data === undefined) return <Fault fault={found.error} />;
  return <Application found={found.data} />;
}

function Application({ found }: Readonly<{ found: Answer<Client> }>) {
  const { tab = 'settings' } = useSearch({ from: '/applications/$clientId' });
  const navigate = useNavigate();
  const client = found.body;
  const go = (to: string | null): void =>
    void navigate({
      to: '/applications/$clientId',
      params: { clientId: client.client_id },
      search: to === null || to === 'settings' ? {} : { tab: to },
      replace: true,
    });
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
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List mb="md">
          {TABS.map(([id, label]) => (
            <Tabs.Tab key={id} value={id}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="settings">
          <ClientForm key={client.client_id} found={found} />
        </Tabs.Panel>
        <Tabs.Panel value="connect">
          <Connect client={client} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History client={client} />
        </Tabs.Panel>
        <Tabs.Panel value="secret">
          <ClientDanger client={client} />
        </Tabs.Panel>
      </Tabs>
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
