import { NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { clientPath } from '../api/queries.ts';
import type { Client, CreatedClient } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Secret } from './registered.tsx';

/** A new secret, and the end of the application. */
export function ClientDanger({ client }: Readonly<{ client: Client }>) {
  if (!useMay('signet:clients:write')) return <Text>Your role does not change applications.</Text>;
  return (
    <Stack maw={640}>
      {client.token_endpoint_auth_method.startsWith('client_secret') ? (
        <Rotation client={client} />
      ) : (
        <Text>This application has no secret.</Text>
      )}
      <Removal client={client} />
    </Stack>
  );
}

const KEEP = [
  { value: '', label: 'Ends at once' },
  { value: '3600', label: 'Works for another hour' },
  { value: '86400', label: 'Works for another day' },
  { value: '604800', label: 'Works for another week' },
];

function Rotation({ client }: Readonly<{ client: Client }>) {
  const queries = useQueryClient();
  const [keep, setKeep] = useState('86400');
  const [secret, setSecret] = useState<string>();
  const rotate = async (): Promise<void> => {
    const path = `${clientPath(client.client_id)}/secret`;
    const body = keep === '' ? {} : { keep_previous_for: Number(keep) };
    const made = await ask<CreatedClient>(path, { method: 'POST', body });
    setSecret(made.body.client_secret);
    await queries.invalidateQueries({ queryKey: ['/clients'] });
  };
  return (
    <Paper withBorder p="md">
      <Stack align="flex-start">
        <Title order={2} size="h4">
          Secret
        </Title>
        {secret !== undefined && <Secret secret={secret} />}
        <NativeSelect
          label="The present secret"
          description="Keep it alive until every copy of the application has the new one."
          data={KEEP}
          value={keep}
          onChange={(event) => setKeep(event.currentTarget.value)}
        />
        <Confirm action="Make a new secret" title="Make a new secret?" onConfirm={rotate}>
          {keep === ''
            ? 'The present secret ends at once: the application fails until it has the new one.'
            : 'The new secret works from now on, and the present one for the time that you chose.'}
        </Confirm>
      </Stack>
    </Paper>
  );
}

function Removal({ client }: Readonly<{ client: Client }>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = async (): Promise<void> => {
    await ask(clientPath(client.client_id), { method: 'DELETE' });
    // Only the lists: its own page, which is being left, would ask for what is gone.
    void queries.invalidateQueries({ queryKey: ['/clients', 'list'] });
    void queries.invalidateQueries({ queryKey: ['/clients', 'deleted'] });
    await navigate({ to: '/applications' });
  };
  return (
    <Paper withBorder p="md">
      <Stack align="flex-start">
        <Title order={2} size="h4">
          Removal
        </Title>
        <Text>
          Nobody can sign in to the application any more, and all its tokens end at once. For 30 days it can
          be brought back below the list of applications; its tokens cannot.
        </Text>
        <Confirm
          action="Remove the application"
          title={`Remove ${client.client_name ?? client.client_id}?`}
          danger
          onConfirm={remove}
        >
          All its tokens and consents end at once. To keep it from being used for a while, disable it in its
          settings.
        </Confirm>
      </Stack>
    </Paper>
  );
}
